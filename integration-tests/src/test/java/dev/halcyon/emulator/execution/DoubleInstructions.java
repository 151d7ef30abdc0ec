package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Float64;
import dev.halcyon.emulator.arithmetic.Rounding;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;

/** Arithmetic in float64. */
final class DoubleInstructions {
    private static final long SIGN = Long.MIN_VALUE;

    private DoubleInstructions() {
    }

    static Operation compile(Opcode op, List<Operand> operands, Frame frame) {
        LaneLoop loop = switch (op.base()) {
            case "min" -> Lanes.doubleBinary(Float64::min);
            case "max" -> Lanes.doubleBinary(Float64::max);
            case "abs" -> Lanes.doubleUnary(Math::abs);
            case "neg" -> Lanes.doubleUnary(a -> -a);
            case "copysign" -> Lanes.wideBinary((a, b) -> b & ~SIGN | a & SIGN);
            case "rcp", "sqrt" -> function(op);
            case "rsqrt" -> reciprocalRoot(op);
            case "div" -> quotient(op);
            default -> arithmetic(op);
        };
        op.finish();
        int work = switch (op.base()) {
            case "fma", "mad" -> 2;
            case "abs", "neg", "copysign" -> 0;
            default -> 1;
        };
        return Encoding.sameType(loop, op, PtxType.F64, operands, frame, work);
    }

    private static LaneLoop arithmetic(Opcode op) {
        Rounding rounding = FloatInstructions.rounding(op);
        boolean nearest = rounding == Rounding.NEAREST_EVEN;
        return switch (op.base()) {
            case "add" -> Lanes.doubleBinary(nearest ? (a, b) -> a + b : (a, b) -> Float64.add(a, b, rounding));
            case "sub" -> Lanes.doubleBinary(nearest ? (a, b) -> a - b : (a, b) -> Float64.sub(a, b, rounding));
            case "mul" -> Lanes.doubleBinary(nearest ? (a, b) -> a * b : (a, b) -> Float64.mul(a, b, rounding));
            case "fma", "mad" -> Lanes.doubleTernary(nearest ? Math::fma : (a, b, c) -> Float64.fma(a, b, c, rounding));
            default -> throw op.unknown();
        };
    }

    private static LaneLoop quotient(Opcode op) {
        Rounding rounding = Rounding.of(op.requireOneOf("rn", "rz", "rm", "rp"));
        return Lanes.doubleBinary((a, b) -> Float64.div(a, b, rounding));
    }

    private static LaneLoop function(Opcode op) {
        Rounding rounding = Rounding.of(op.requireOneOf("rn", "rz", "rm", "rp"));
        return op.base().equals("rcp")
                ? Lanes.doubleUnary(a -> Float64.rcp(a, rounding))
                : Lanes.doubleUnary(a -> Float64.sqrt(a, rounding));
    }

    /** Exists only as an approximation, whose bits PTX leaves open. */
    private static LaneLoop reciprocalRoot(Opcode op) {
        op.requireOneOf("approx");
        return Lanes.doubleUnary(a -> 1 / Math.sqrt(a));
    }
}
