package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Float32;
import dev.halcyon.emulator.arithmetic.Half;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import dev.halcyon.emulator.ptx.Space;
import java.util.List;

/** atom and red: numbers in memory that are changed in one piece, by the lanes one after the other. */
final class AtomicInstructions {
    private static final String[] OPERATIONS = {"add", "min", "max", "inc", "dec", "exch", "cas", "and", "or", "xor"};

    private AtomicInstructions() {
    }

    static Operation compile(Opcode op, List<Operand> operands, Frame frame) {
        boolean returns = op.base().equals("atom");
        PtxType type = op.takeType();
        String name = op.requireOneOf(OPERATIONS);
        Space space = MemoryInstructions.space(op);
        op.takeOneOf("noftz");
        op.takeOneOf("relaxed", "acquire", "release", "acq_rel");
        op.takeOneOf("cta", "cluster", "gpu", "sys");
        MemoryInstructions.takeCaches(op);
        op.finish();
        Update.Function function = function(op, name, type);
        int first = returns ? 1 : 0;
        boolean compares = name.equals("cas");
        Encoding.expect(operands, first + (compares ? 3 : 2), op);
        if (space != Space.SHARED) {
            frame.traits().ordersBlocks();
        }
        if (space == Space.SHARED || space == Space.GENERIC) {
            frame.traits().writesShared(type.bytes());
        }
        boolean wide = type.bits() == 64;
        int target = returns && !(operands.getFirst() instanceof Operand.Sink)
                ? frame.target(operands.getFirst(), type, op)
                : -1;
        int a = frame.source(operands.get(first + 1), type, op);
        int b = compares ? frame.source(operands.get(first + 2), type, op) : a;
        Update update = new Update(type.bytes(), function, wide, target, type.bits() == 16 ? 0xffff : -1, a, b);
        Place place = Place.of(operands.get(first), frame, op);
        Memory memory = MemoryInstructions.memory(space, operands.get(first), frame);
        return new Atomic(place, memory, update, type.floating() ? 1 : 0);
    }

    private record Atomic(Place place, Memory memory, Update update, int floatOperations) implements Operation {
        @Override
        public void execute(Warp warp, int lanes) {
            place.addresses(warp, warp.addresses);
            memory.update(warp, lanes, warp.addresses, update);
        }
    }

    private static Update.Function function(Opcode op, String name, PtxType type) {
        Update.Function function = switch (type) {
            case U32, S32, B32 -> ofWords(name, type.signed());
            case U64, S64, B64 -> ofWides(name, type.signed());
            case B16 -> exchange(name, 0xffff);
            case F32 -> name.equals("add") ? (old, a, b) -> Float32.bits(number(old) + number(a)) : exchange(name, -1);
            case F64 -> name.equals("add")
                    ? (old, a, b) -> Double.doubleToLongBits(Double.longBitsToDouble(old) + Double.longBitsToDouble(a))
                    : exchange(name, -1);
            case F16, BF16 -> {
                Half format = type == PtxType.F16 ? Half.F16 : Half.BF16;
                yield name.equals("add") ? (old, a, b) -> format.add((int) old, (int) a) : null;
            }
            case F16X2, BF16X2 -> {
                Half format = type == PtxType.F16X2 ? Half.F16 : Half.BF16;
                yield name.equals("add") ? (old, a, b) -> Half.both((int) old, (int) a, format::add) : null;
            }
            default -> null;
        };
        if (function == null) {
            throw op.unknown();
        }
        return function;
    }

    private static float number(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    /** exch and cas; the mask is that of the bits that are compared. */
    private static Update.Function exchange(String name, long mask) {
        return switch (name) {
            case "exch" -> (old, a, b) -> a;
            case "cas" -> (old, a, b) -> (old & mask) == (a & mask) ? b : old;
            default -> null;
        };
    }

    private static Update.Function ofWords(String name, boolean signed) {
        return switch (name) {
            case "add" -> (old, a, b) -> old + a;
            case "min" -> signed
                    ? (old, a, b) -> Math.min((int) old, (int) a)
                    : (old, a, b) -> Integer.compareUnsigned((int) old, (int) a) < 0 ? old : a;
            case "max" -> signed
                    ? (old, a, b) -> Math.max((int) old, (int) a)
                    : (old, a, b) -> Integer.compareUnsigned((int) old, (int) a) > 0 ? old : a;
            case "inc" -> (old, a, b) -> Integer.compareUnsigned((int) old, (int) a) >= 0 ? 0 : old + 1;
            case "dec" -> (old, a, b) -> old == 0 || Integer.compareUnsigned((int) old, (int) a) > 0 ? a : old - 1;
            case "and" -> (old, a, b) -> old & a;
            case "or" -> (old, a, b) -> old | a;
            case "xor" -> (old, a, b) -> old ^ a;
            default -> exchange(name, 0xffffffffL);
        };
    }

    private static Update.Function ofWides(String name, boolean signed) {
        return switch (name) {
            case "add" -> (old, a, b) -> old + a;
            case "min" -> signed
                    ? (old, a, b) -> Math.min(old, a)
                    : (old, a, b) -> Long.compareUnsigned(old, a) < 0 ? old : a;
            case "max" -> signed
                    ? (old, a, b) -> Math.max(old, a)
                    : (old, a, b) -> Long.compareUnsigned(old, a) > 0 ? old : a;
            case "and" -> (old, a, b) -> old & a;
            case "or" -> (old, a, b) -> old | a;
            case "xor" -> (old, a, b) -> old ^ a;
            default -> exchange(name, -1);
        };
    }
}
