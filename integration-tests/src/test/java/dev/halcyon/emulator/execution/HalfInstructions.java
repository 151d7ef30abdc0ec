package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Half;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/** Arithmetic in float16 and bfloat16, on single numbers and on packed pairs. */
final class HalfInstructions {
    private HalfInstructions() {
    }

    /** @param type a 16-bit floating-point type, or a pair of them */
    static Operation compile(Opcode op, PtxType type, List<Operand> operands, Frame frame) {
        Half format = type == PtxType.F16 || type == PtxType.F16X2 ? Half.F16 : Half.BF16;
        boolean pair = type.bits() == 32;
        boolean flush = op.take("ftz");
        boolean saturate = op.take("sat");
        boolean relu = op.take("relu");
        Lanes.Ternary f = function(op, format);
        op.finish();
        Lanes.Ternary modified = (a, b, c) -> {
            int result = flush
                    ? format.flush(f.apply(format.flush(a), format.flush(b), format.flush(c)))
                    : f.apply(a, b, c);
            int clamped = saturate ? format.saturate(result) : result;
            return relu ? format.relu(clamped) : clamped;
        };
        Lanes.Ternary whole = pair
                ? (a, b, c) -> modified.apply(a >>> 16, b >>> 16, c >>> 16) << 16
                        | modified.apply(a & 0xffff, b & 0xffff, c & 0xffff)
                : modified;
        int count = switch (op.base()) {
            case "abs", "neg", "ex2", "tanh" -> 1;
            case "fma" -> 3;
            default -> 2;
        };
        LaneLoop loop = switch (count) {
            case 1 -> Lanes.unary(a -> whole.apply(a, 0, 0));
            case 2 -> Lanes.binary((a, b) -> whole.apply(a, b, 0));
            default -> Lanes.ternary(whole);
        };
        int work = (op.base().equals("fma") ? 2 : List.of("abs", "neg").contains(op.base()) ? 0 : 1) * (pair ? 2 : 1);
        return Encoding.sameType(loop, op, type, operands, frame, work);
    }

    private static Lanes.Ternary function(Opcode op, Half format) {
        return switch (op.base()) {
            case "add" -> rounded(op, format::add);
            case "sub" -> rounded(op, format::sub);
            case "mul" -> rounded(op, format::mul);
            case "fma" -> {
                op.requireOneOf("rn");
                yield format::fma;
            }
            case "min" -> binary(op.take("NaN") ? format::minNan : format::min);
            case "max" -> binary(op.take("NaN") ? format::maxNan : format::max);
            case "abs" -> unary(format::abs);
            case "neg" -> unary(format::neg);
            case "ex2" -> {
                op.requireOneOf("approx");
                yield unary(format::ex2);
            }
            case "tanh" -> {
                op.requireOneOf("approx");
                yield unary(format::tanh);
            }
            default -> throw op.unknown();
        };
    }

    private static Lanes.Ternary rounded(Opcode op, IntBinaryOperator f) {
        op.takeOneOf("rn");
        return binary(f);
    }

    private static Lanes.Ternary binary(IntBinaryOperator f) {
        return (a, b, c) -> f.applyAsInt(a, b);
    }

    private static Lanes.Ternary unary(IntUnaryOperator f) {
        return (a, b, c) -> f.applyAsInt(a);
    }
}
