package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import dev.halcyon.emulator.ptx.Space;
import java.util.List;

/** mov, also into and out of parts of a register, and cvta, which makes generic addresses and undoes it. */
final class MoveInstructions {
    private MoveInstructions() {
    }

    static Operation move(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        op.finish();
        if (type == PtxType.PRED) {
            return PredicateInstructions.move(op, operands, frame);
        }
        if (type.bits() < 16) {
            throw op.unknown();
        }
        Encoding.expect(operands, 2, op);
        if (operands.get(1) instanceof Operand.Tuple(List<Operand> parts)) {
            return pack(op, type, operands.getFirst(), parts, frame);
        }
        if (operands.getFirst() instanceof Operand.Tuple(List<Operand> parts)) {
            return unpack(op, type, parts, operands.get(1), frame);
        }
        LaneLoop loop = type.bits() == 64 ? WideLoops.COPY : WordLoops.COPY;
        return Encoding.sameType(loop, op, type, operands, frame);
    }

    private static PtxType part(Opcode op, PtxType type, int parts) {
        return switch (type.bits() / Math.max(parts, 1)) {
            case 8 -> PtxType.B8;
            case 16 -> PtxType.B16;
            case 32 -> PtxType.B32;
            default -> throw op.unknown();
        };
    }

    private static Operation pack(Opcode op, PtxType type, Operand target, List<Operand> parts, Frame frame) {
        PtxType part = part(op, type, parts.size());
        boolean wide = type.bits() == 64;
        int[] sources = parts.stream().mapToInt(each -> frame.source(each, part, op)).toArray();
        int bits = part.bits();
        long mask = (1L << bits) - 1;
        LaneLoop loop = (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                long value = 0;
                for (int k = 0; k < sources.length; k++) {
                    value |= (r[sources[k] + i] & mask) << bits * k;
                }
                if (wide) {
                    q[d + i] = value;
                } else {
                    r[d + i] = (int) value;
                }
            }
        };
        return new LaneOperation(loop, wide, frame.target(target, type, op), 0, 0, 0, 0);
    }

    private static Operation unpack(Opcode op, PtxType type, List<Operand> parts, Operand source, Frame frame) {
        PtxType part = part(op, type, parts.size());
        boolean wide = type.bits() == 64;
        int[] targets = parts.stream().mapToInt(each -> frame.target(each, part, op)).toArray();
        int from = frame.source(source, type, op);
        int bits = part.bits();
        int mask = (int) ((1L << bits) - 1);
        return (warp, lanes) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                if ((lanes >>> i & 1) != 0) {
                    long value = wide ? warp.wides[from + i] : warp.words[from + i];
                    for (int k = 0; k < targets.length; k++) {
                        warp.words[targets[k] + i] = (int) (value >>> bits * k) & mask;
                    }
                }
            }
        };
    }

    static Operation convertAddress(Opcode op, List<Operand> operands, Frame frame) {
        boolean fromGeneric = op.take("to");
        String name = op.requireOneOf("global", "const", "shared", "shared::cta", "local");
        PtxType type = op.takeType();
        op.finish();
        if (type != PtxType.U64) {
            throw op.unknown();
        }
        long start = Window.of(Space.named(name)).start();
        long added = fromGeneric ? -start : start;
        LaneLoop loop = start == 0 ? WideLoops.COPY : Lanes.wideUnary(a -> a + added);
        return Encoding.sameType(loop, op, type, operands, frame);
    }

    /** isspacep: whether a generic address lies in a space. */
    static Operation isInSpace(Opcode op, List<Operand> operands, Frame frame) {
        String name = op.requireOneOf("global", "const", "shared", "shared::cta", "local");
        op.finish();
        Encoding.expect(operands, 2, op);
        Window window = Window.of(Space.named(name));
        int target = frame.predicate(operands.getFirst(), op);
        int source = frame.source(operands.get(1), PtxType.B64, op);
        return (warp, lanes) -> {
            int inside = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                inside |= (Window.at(warp.wides[source + i]) == window ? 1 : 0) << i;
            }
            PredicateInstructions.set(warp, target, lanes, inside);
        };
    }
}
