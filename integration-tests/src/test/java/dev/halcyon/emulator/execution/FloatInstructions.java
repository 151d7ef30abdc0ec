package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Approximate;
import dev.halcyon.emulator.arithmetic.Float32;
import dev.halcyon.emulator.arithmetic.Rounding;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;

/** Arithmetic in float32. */
final class FloatInstructions {
    private FloatInstructions() {
    }

    /** add, sub, mul, fma, mad, div, rcp, sqrt, min, max, abs, neg, copysign; the type is taken already. */
    static Operation compile(Opcode op, List<Operand> operands, Frame frame) {
        boolean flush = op.take("ftz");
        boolean saturate = op.take("sat");
        LaneLoop loop = switch (op.base()) {
            case "add", "sub", "mul" -> binary(op, flush, saturate);
            case "fma", "mad" -> ternary(op, flush, saturate);
            case "min", "max" -> extreme(op, flush, saturate);
            case "div" -> quotient(op, flush, saturate);
            case "abs" -> Lanes.unary(bits -> Float32.bits(Math.abs(flushed(bits, flush))));
            case "neg" -> Lanes.unary(bits -> Float32.bits(-flushed(bits, flush)));
            case "copysign" -> Lanes.binary((a, b) -> b & Integer.MAX_VALUE | a & Integer.MIN_VALUE);
            default -> function(op, flush, saturate);
        };
        op.finish();
        boolean plain = List.of("min", "max", "abs", "neg", "copysign", "rcp", "sqrt").contains(op.base())
                || loop == null;
        if (saturate && plain || flush && op.base().equals("copysign")) {
            throw op.unknown();
        }
        return Encoding.sameType(loop, op, PtxType.F32, operands, frame, work(op.base()));
    }

    private static int work(String base) {
        return switch (base) {
            case "fma", "mad" -> 2;
            case "abs", "neg", "copysign" -> 0;
            default -> 1;
        };
    }

    private static float flushed(int bits, boolean flush) {
        float number = Float.intBitsToFloat(bits);
        return flush ? Float32.flush(number) : number;
    }

    /** The rounding modifier, to the nearest without one. */
    static Rounding rounding(Opcode op) {
        String name = op.takeOneOf("rn", "rz", "rm", "rp");
        return name == null ? Rounding.NEAREST_EVEN : Rounding.of(name);
    }

    private static LaneLoop binary(Opcode op, boolean flush, boolean saturate) {
        Rounding rounding = rounding(op);
        if (rounding == Rounding.NEAREST_EVEN && !flush && !saturate) {
            return switch (op.base()) {
                case "add" -> FloatLoops.ADD;
                case "sub" -> FloatLoops.SUBTRACT;
                default -> FloatLoops.MULTIPLY;
            };
        }
        Lanes.FloatBinary f = switch (op.base()) {
            case "add" -> (a, b) -> Float32.add(a, b, rounding);
            case "sub" -> (a, b) -> Float32.sub(a, b, rounding);
            default -> (a, b) -> Float32.mul(a, b, rounding);
        };
        return Lanes.floatBinary(modified(f, flush, saturate));
    }

    private static Lanes.FloatBinary modified(Lanes.FloatBinary f, boolean flush, boolean saturate) {
        Lanes.FloatBinary flushing = flush
                ? (a, b) -> Float32.flush(f.apply(Float32.flush(a), Float32.flush(b)))
                : f;
        return saturate ? (a, b) -> Float32.saturate(flushing.apply(a, b)) : flushing;
    }

    private static Lanes.FloatUnary modified(Lanes.FloatUnary f, boolean flush) {
        return flush ? a -> Float32.flush(f.apply(Float32.flush(a))) : f;
    }

    private static LaneLoop ternary(Opcode op, boolean flush, boolean saturate) {
        Rounding rounding = rounding(op);
        if (rounding == Rounding.NEAREST_EVEN && !flush && !saturate) {
            return FloatLoops.MULTIPLY_ADD;
        }
        return Lanes.floatTernary((a, b, c) -> {
            float result = flush
                    ? Float32.flush(Float32.fma(Float32.flush(a), Float32.flush(b), Float32.flush(c), rounding))
                    : Float32.fma(a, b, c, rounding);
            return saturate ? Float32.saturate(result) : result;
        });
    }

    private static LaneLoop extreme(Opcode op, boolean flush, boolean saturate) {
        boolean least = op.base().equals("min");
        boolean nan = op.take("NaN");
        boolean xorSign = op.take("xorsign");
        if (xorSign && !op.take("abs")) {
            throw op.unknown();
        }
        if (!flush && !nan && !xorSign) {
            return least ? FloatLoops.MIN : FloatLoops.MAX;
        }
        Lanes.FloatBinary f = least
                ? nan ? Float32::minNan : Float32::min
                : nan ? Float32::maxNan : Float32::max;
        Lanes.FloatBinary signed = xorSign
                ? (a, b) -> Float32.xorSign(f.apply(Math.abs(a), Math.abs(b)), a, b)
                : f;
        return Lanes.floatBinary(modified(signed, flush, saturate));
    }

    private static LaneLoop quotient(Opcode op, boolean flush, boolean saturate) {
        String kind = op.requireOneOf("approx", "full", "rn", "rz", "rm", "rp");
        if (saturate) {
            throw op.unknown();
        }
        if (kind.equals("approx")) {
            return Lanes.floatBinary(modified(Approximate::div, flush, false));
        }
        Rounding rounding = kind.equals("full") ? Rounding.NEAREST_EVEN : Rounding.of(kind);
        if (rounding == Rounding.NEAREST_EVEN && !flush) {
            return FloatLoops.DIVIDE;
        }
        return Lanes.floatBinary(modified((a, b) -> Float32.div(a, b, rounding), flush, false));
    }

    /** Functions of one number: rcp and sqrt exist in both kinds, the others only as approximations. */
    private static LaneLoop function(Opcode op, boolean flush, boolean saturate) {
        boolean hasRounding = op.base().equals("rcp") || op.base().equals("sqrt");
        String kind = hasRounding ? op.requireOneOf("approx", "rn", "rz", "rm", "rp") : op.requireOneOf("approx");
        if (saturate) {
            throw op.unknown();
        }
        Lanes.FloatUnary f;
        if (kind.equals("approx")) {
            f = switch (op.base()) {
                case "rcp" -> Approximate::rcp;
                case "sqrt" -> Approximate::sqrt;
                case "rsqrt" -> Approximate::rsqrt;
                case "ex2" -> Approximate::ex2;
                case "lg2" -> Approximate::lg2;
                case "sin" -> Approximate::sin;
                case "cos" -> Approximate::cos;
                case "tanh" -> Approximate::tanh;
                default -> throw op.unknown();
            };
        } else {
            Rounding rounding = Rounding.of(kind);
            f = op.base().equals("rcp") ? a -> Float32.rcp(a, rounding) : a -> Float32.sqrt(a, rounding);
        }
        return Lanes.floatUnary(modified(f, flush));
    }
}
