package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Conversion;
import dev.halcyon.emulator.arithmetic.Float32;
import dev.halcyon.emulator.arithmetic.Half;
import dev.halcyon.emulator.arithmetic.NumberType;
import dev.halcyon.emulator.arithmetic.Rounding;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;

/** cvt: conversions between types. */
final class ConversionInstructions {
    private static final LaneLoop SIGNED_TO_WIDE = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = r[a + i];
        }
    };

    private static final LaneLoop UNSIGNED_TO_WIDE = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = r[a + i] & 0xffffffffL;
        }
    };

    private static final LaneLoop TO_WORD = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = (int) q[a + i];
        }
    };

    private static final LaneLoop SIGNED_TO_FLOAT = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Float.floatToRawIntBits(r[a + i]);
        }
    };

    private ConversionInstructions() {
    }

    static Operation compile(Opcode op, List<Operand> operands, Frame frame) {
        PtxType from = op.takeType();
        PtxType to = op.takeType();
        String roundingName = op.takeOneOf("rn", "rna", "rz", "rm", "rp", "rni", "rzi", "rmi", "rpi");
        Rounding rounding = roundingName == null ? null : Rounding.of(roundingName);
        boolean flush = op.take("ftz");
        boolean saturate = op.take("sat");
        boolean relu = op.take("relu");
        op.finish();
        checkTypes(op, to, from, rounding);
        if (to == PtxType.F16X2 || to == PtxType.BF16X2) {
            if (from != PtxType.F32 || flush || saturate || rounding == null) {
                throw op.unknown();
            }
            return pair(op, to, rounding, relu, operands, frame);
        }
        Encoding.expect(operands, 2, op);
        boolean wideSource = Frame.isWide(operands.get(1), from);
        boolean wideTarget = Frame.isWide(operands.getFirst(), to);
        int source = frame.anySource(operands.get(1), from, op);
        int target = frame.anyTarget(operands.getFirst(), to, op);
        LaneLoop loop = relu || flush || saturate ? null : frequent(to, from, rounding, wideSource, wideTarget);
        if (loop == null) {
            Lane lane = lane(op, to, from, rounding, flush, saturate, relu);
            int mask = Frame.bits(operands.getFirst(), to) == 16 ? 0xffff : -1;
            loop = loop(lane, wideSource, wideTarget, mask);
        }
        return new LaneOperation(loop, wideTarget, target, source, 0, 0, 0);
    }

    private static void checkTypes(Opcode op, PtxType to, PtxType from, Rounding rounding) {
        boolean known = known(from) && (known(to) || to == PtxType.F16X2 || to == PtxType.BF16X2);
        boolean narrows = to.floating() && (!from.floating() || from.bits() > to.bits() || to == PtxType.TF32);
        boolean needsRounding = narrows || from.floating() && !to.floating();
        if (!known || needsRounding && rounding == null) {
            throw op.unknown();
        }
    }

    private static boolean known(PtxType type) {
        return type.kind() == PtxType.Kind.SIGNED || type.kind() == PtxType.Kind.UNSIGNED
                || type.floating() && type != PtxType.F16X2 && type != PtxType.BF16X2;
    }

    private static LaneLoop frequent(PtxType to, PtxType from, Rounding rounding, boolean wideSource,
            boolean wideTarget) {
        if (wideTarget && !wideSource && to.bits() == 64 && !to.floating()) {
            return from == PtxType.S32 ? SIGNED_TO_WIDE : from == PtxType.U32 ? UNSIGNED_TO_WIDE : null;
        }
        if (wideSource && !wideTarget && to.bits() == 32 && !to.floating() && !from.floating()) {
            return TO_WORD;
        }
        boolean toFloat = to == PtxType.F32 && from == PtxType.S32 && rounding == Rounding.NEAREST_EVEN;
        return toFloat && !wideSource && !wideTarget ? SIGNED_TO_FLOAT : null;
    }

    /** Converts the bits of one value. */
    @FunctionalInterface
    private interface Lane {
        long apply(long bits);
    }

    private static Lane lane(Opcode op, PtxType to, PtxType from, Rounding rounding, boolean flush, boolean saturate,
            boolean relu) {
        Conversion conversion = new Conversion(NumberType.of(to.ptxName()), NumberType.of(from.ptxName()), rounding,
                flush, saturate);
        if (!relu) {
            return conversion::apply;
        }
        return switch (to) {
            case F16 -> bits -> Half.F16.relu((int) conversion.apply(bits));
            case BF16 -> bits -> Half.BF16.relu((int) conversion.apply(bits));
            case TF32 -> bits -> {
                float number = Float.intBitsToFloat((int) conversion.apply(bits));
                return Integer.toUnsignedLong(Float32.bits(number < 0 || number == 0 ? 0 : number));
            };
            default -> throw op.unknown();
        };
    }

    private static LaneLoop loop(Lane lane, boolean wideSource, boolean wideTarget, int mask) {
        if (wideTarget) {
            return wideSource ? (r, q, d, a, b, c) -> {
                for (int i = 0; i < Warp.LANES; i++) {
                    q[d + i] = lane.apply(q[a + i]);
                }
            } : (r, q, d, a, b, c) -> {
                for (int i = 0; i < Warp.LANES; i++) {
                    q[d + i] = lane.apply(r[a + i]);
                }
            };
        }
        return wideSource ? (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                r[d + i] = (int) lane.apply(q[a + i]) & mask;
            }
        } : (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                r[d + i] = (int) lane.apply(r[a + i]) & mask;
            }
        };
    }

    /** Two floats into a packed pair, the first in the upper half. */
    private static Operation pair(Opcode op, PtxType to, Rounding rounding, boolean relu, List<Operand> operands,
            Frame frame) {
        Half format = to == PtxType.F16X2 ? Half.F16 : Half.BF16;
        LaneLoop loop = Lanes.binary((a, b) -> {
            int packed = format.pair(Float.intBitsToFloat(a), Float.intBitsToFloat(b), rounding);
            return relu ? format.relu(packed >>> 16) << 16 | format.relu(packed & 0xffff) : packed;
        });
        return Encoding.lanes(loop, op, PtxType.B32, new PtxType[] {PtxType.F32, PtxType.F32}, operands, frame, 0);
    }
}
