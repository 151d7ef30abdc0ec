package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import dev.halcyon.emulator.ptx.Space;
import dev.halcyon.emulator.ptx.Variable;
import java.util.List;

/** ld, st and prefetch. */
final class MemoryInstructions {
    /** What says only where a copy should be kept. */
    private static final String[] CACHES = {"ca", "cg", "cs", "lu", "cv", "wb", "wt", "L1::evict_normal",
        "L1::evict_unchanged", "L1::evict_first", "L1::evict_last", "L1::no_allocate", "L2::evict_last",
        "L2::evict_normal", "L2::evict_first", "L2::64B", "L2::128B", "L2::256B"};
    private static final String[] SPACES = {"global", "shared", "shared::cta", "local", "const", "param",
        "param::entry", "param::func"};

    private MemoryInstructions() {
    }

    static Operation load(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        int lanes = vector(op);
        Space space = space(op);
        boolean nonCoherent = op.take("nc");
        takeCaches(op);
        takeOrdering(op, frame, "acquire");
        op.finish();
        if (nonCoherent && space != Space.GLOBAL) {
            throw op.unknown();
        }
        Encoding.expect(operands, 2, op);
        Place place = Place.of(operands.get(1), frame, op);
        Transfer transfer = Transfer.load(type, lanes, operands.getFirst(), frame, op);
        Memory memory = memory(space, operands.get(1), frame);
        return (warp, active) -> {
            place.addresses(warp, warp.addresses);
            memory.load(warp, active, warp.addresses, transfer);
        };
    }

    static Operation store(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        int lanes = vector(op);
        Space space = space(op);
        takeCaches(op);
        takeOrdering(op, frame, "release");
        op.finish();
        if (space == Space.CONST) {
            throw op.unknown();
        }
        Encoding.expect(operands, 2, op);
        if (space == Space.SHARED || space == Space.GENERIC) {
            frame.traits().writesShared(type.bytes());
        }
        Place place = Place.of(operands.getFirst(), frame, op);
        Transfer transfer = Transfer.store(type, lanes, operands.get(1), frame, op);
        Memory memory = memory(space, operands.getFirst(), frame);
        return (warp, active) -> {
            place.addresses(warp, warp.addresses);
            memory.store(warp, active, warp.addresses, transfer);
        };
    }

    /** Prefetching changes nothing that a program can see. */
    static Operation prefetch(Opcode op, List<Operand> operands, Frame frame) {
        op.takeOneOf("global", "local");
        op.requireOneOf("L1", "L2", "L2::evict_last", "L2::evict_normal");
        op.finish();
        Place.of(operands.getFirst(), frame, op);
        return (warp, active) -> {
        };
    }

    private static int vector(Opcode op) {
        String name = op.takeOneOf("v2", "v4");
        return name == null ? 1 : name.charAt(1) - '0';
    }

    /** Takes the state space; without one, addresses are generic. */
    static Space space(Opcode op) {
        String name = op.takeOneOf(SPACES);
        return name == null ? Space.GENERIC : Space.named(name);
    }

    static void takeCaches(Opcode op) {
        while (op.takeOneOf(CACHES) != null) {
            continue;
        }
    }

    /** Takes what says how an access is ordered with others; that of blocks matters, as theirs may depend on each other. */
    static void takeOrdering(Opcode op, Frame frame, String... strong) {
        op.take("weak");
        boolean ordered = op.take("volatile") | op.take("relaxed") | op.takeOneOf(strong) != null;
        String scope = op.takeOneOf("cta", "cluster", "gpu", "sys");
        if (ordered && !"cta".equals(scope)) {
            frame.traits().ordersBlocks();
        }
    }

    /** What an instruction with such an operand accesses. */
    static Memory memory(Space space, Operand address, Frame frame) {
        return switch (space) {
            case GLOBAL -> new GlobalMemory(true);
            case CONST -> new GlobalMemory(false);
            case SHARED -> new SharedAccess();
            case LOCAL -> new LocalAccess();
            case GENERIC -> new GenericMemory();
            case PARAM -> isLaunchParameter(address, frame) ? new ParameterAccess() : new LocalAccess();
        };
    }

    /** Parameters of the kernel come with the launch; those of calls are kept on the stack. */
    private static boolean isLaunchParameter(Operand address, Frame frame) {
        return address instanceof Operand.Address(Operand.Symbol(Variable variable, long inside), long offset)
                ? frame.isKernelParameter(variable)
                : frame.function().entry();
    }
}
