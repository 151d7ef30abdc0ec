package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.DotProducts;
import dev.halcyon.emulator.arithmetic.IntegerArithmetic;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;
import java.util.function.LongBinaryOperator;

/** Integer arithmetic: add, sub, mul, mad, mul24, mad24, div, rem, min, max, abs, neg, sad and dp4a. */
final class IntegerInstructions {
    private IntegerInstructions() {
    }

    /** A sum, product or other operation on integers; the type is taken from the opcode already. */
    static Operation compile(Opcode op, PtxType type, List<Operand> operands, Frame frame) {
        return switch (op.base()) {
            case "mul", "mad" -> product(op, type, operands, frame);
            case "mul24", "mad24" -> product24(op, type, operands, frame);
            default -> simple(op, type, operands, frame);
        };
    }

    private static Operation simple(Opcode op, PtxType type, List<Operand> operands, Frame frame) {
        boolean saturated = op.take("sat");
        op.finish();
        if (saturated && (type != PtxType.S32 || !op.base().equals("add") && !op.base().equals("sub"))) {
            throw op.unknown();
        }
        LaneLoop loop = switch (type) {
            case S32, U32 -> words(op.base(), type.signed(), saturated);
            case S64, U64 -> wides(op.base(), type.signed());
            case S16, U16 -> narrow(op.base(), type.signed());
            default -> null;
        };
        return Encoding.sameType(loop, op, type, operands, frame);
    }

    private static LaneLoop words(String base, boolean signed, boolean saturated) {
        if (saturated) {
            return Lanes.binary(
                    base.equals("add") ? IntegerArithmetic::addSaturated : IntegerArithmetic::subSaturated);
        }
        return switch (base) {
            case "add" -> WordLoops.ADD;
            case "sub" -> WordLoops.SUBTRACT;
            case "min" -> signed ? WordLoops.MIN : Lanes.binary(IntegerArithmetic::minUnsigned);
            case "max" -> signed ? WordLoops.MAX : Lanes.binary(IntegerArithmetic::maxUnsigned);
            case "div" -> Lanes.binary(signed ? IntegerArithmetic::div : IntegerArithmetic::divUnsigned);
            case "rem" -> Lanes.binary(signed ? IntegerArithmetic::rem : IntegerArithmetic::remUnsigned);
            case "sad" -> Lanes.ternary(signed ? IntegerArithmetic::sad : IntegerArithmetic::sadUnsigned);
            case "abs" -> signed ? Lanes.unary(Math::abs) : null;
            case "neg" -> signed ? Lanes.unary(a -> -a) : null;
            default -> null;
        };
    }

    private static LaneLoop wides(String base, boolean signed) {
        return switch (base) {
            case "add" -> WideLoops.ADD;
            case "sub" -> WideLoops.SUBTRACT;
            case "min" -> Lanes.wideBinary(signed ? Math::min : IntegerArithmetic::minUnsigned);
            case "max" -> Lanes.wideBinary(signed ? Math::max : IntegerArithmetic::maxUnsigned);
            case "div" -> Lanes.wideBinary(signed ? IntegerArithmetic::div : IntegerArithmetic::divUnsigned);
            case "rem" -> Lanes.wideBinary(signed ? IntegerArithmetic::rem : IntegerArithmetic::remUnsigned);
            case "sad" -> Lanes.wideTernary(signed ? IntegerArithmetic::sad : IntegerArithmetic::sadUnsigned);
            case "abs" -> signed ? Lanes.wideUnary(Math::abs) : null;
            case "neg" -> signed ? Lanes.wideUnary(a -> -a) : null;
            default -> null;
        };
    }

    /** Of 16 bits: done in 32, then cut off. */
    private static LaneLoop narrow(String base, boolean signed) {
        return switch (base) {
            case "add" -> Lanes.binary((a, b) -> a + b & 0xffff);
            case "sub" -> Lanes.binary((a, b) -> a - b & 0xffff);
            case "min" -> narrowed(signed, Math::min);
            case "max" -> narrowed(signed, Math::max);
            case "div" -> narrowed(signed, (a, b) -> IntegerArithmetic.div(a, b));
            case "rem" -> narrowed(signed, (a, b) -> IntegerArithmetic.rem(a, b));
            case "abs" -> signed ? Lanes.unary(a -> Math.abs((short) a) & 0xffff) : null;
            case "neg" -> signed ? Lanes.unary(a -> -a & 0xffff) : null;
            default -> null;
        };
    }

    private static LaneLoop narrowed(boolean signed, LongBinaryOperator f) {
        return signed
                ? Lanes.binary((a, b) -> (int) f.applyAsLong((short) a, (short) b) & 0xffff)
                : Lanes.binary((a, b) -> (int) f.applyAsLong(a & 0xffff, b & 0xffff) & 0xffff);
    }

    private static Operation product(Opcode op, PtxType type, List<Operand> operands, Frame frame) {
        boolean adds = op.base().equals("mad");
        String part = op.requireOneOf("lo", "hi", "wide");
        op.finish();
        if (part.equals("wide")) {
            return wideProduct(op, type, adds, operands, frame);
        }
        boolean low = part.equals("lo");
        LaneLoop loop = switch (type) {
            case S32, U32 -> low ? adds ? WordLoops.MULTIPLY_ADD : WordLoops.MULTIPLY : high(type.signed(), adds);
            case S64, U64 -> low ? adds ? WideLoops.MULTIPLY_ADD : WideLoops.MULTIPLY : wideHigh(type.signed(), adds);
            case S16, U16 -> narrowProduct(low, type.signed(), adds);
            default -> null;
        };
        return Encoding.sameType(loop, op, type, operands, frame);
    }

    private static LaneLoop high(boolean signed, boolean adds) {
        if (adds) {
            return signed
                    ? Lanes.ternary((a, b, c) -> IntegerArithmetic.mulHi(a, b) + c)
                    : Lanes.ternary((a, b, c) -> IntegerArithmetic.mulHiUnsigned(a, b) + c);
        }
        return signed ? WordLoops.MULTIPLY_HIGH : WordLoops.MULTIPLY_HIGH_UNSIGNED;
    }

    private static LaneLoop wideHigh(boolean signed, boolean adds) {
        if (adds) {
            return signed
                    ? Lanes.wideTernary((a, b, c) -> IntegerArithmetic.mulHi(a, b) + c)
                    : Lanes.wideTernary((a, b, c) -> IntegerArithmetic.mulHiUnsigned(a, b) + c);
        }
        return Lanes.wideBinary(signed ? IntegerArithmetic::mulHi : IntegerArithmetic::mulHiUnsigned);
    }

    private static LaneLoop narrowProduct(boolean low, boolean signed, boolean adds) {
        int shift = low ? 0 : 16;
        if (adds) {
            return Lanes.ternary((a, b, c) -> (narrow(a, signed) * narrow(b, signed) >>> shift) + c & 0xffff);
        }
        return Lanes.binary((a, b) -> narrow(a, signed) * narrow(b, signed) >>> shift & 0xffff);
    }

    private static int narrow(int a, boolean signed) {
        return signed ? (short) a : a & 0xffff;
    }

    /** The whole product, twice as wide as its factors. */
    private static Operation wideProduct(Opcode op, PtxType type, boolean adds, List<Operand> operands, Frame frame) {
        LaneLoop loop = switch (type) {
            case S32 -> adds ? WideLoops.MULTIPLY_ADD_WORDS : WideLoops.MULTIPLY_WORDS;
            case U32 -> adds ? WideLoops.MULTIPLY_ADD_UNSIGNED_WORDS : WideLoops.MULTIPLY_UNSIGNED_WORDS;
            case S16, U16 -> adds
                    ? Lanes.ternary((a, b, c) -> narrow(a, type.signed()) * narrow(b, type.signed()) + c)
                    : Lanes.binary((a, b) -> narrow(a, type.signed()) * narrow(b, type.signed()));
            default -> throw op.unknown();
        };
        PtxType result = type.bits() == 32 ? PtxType.B64 : PtxType.B32;
        PtxType[] sources = adds ? new PtxType[] {type, type, result} : new PtxType[] {type, type};
        return Encoding.lanes(loop, op, result, sources, operands, frame, 0);
    }

    private static Operation product24(Opcode op, PtxType type, List<Operand> operands, Frame frame) {
        boolean adds = op.base().equals("mad24");
        boolean low = op.requireOneOf("lo", "hi").equals("lo");
        op.finish();
        Lanes.Ternary f = switch (type) {
            case S32 -> low
                    ? (a, b, c) -> IntegerArithmetic.mul24(a, b) + c
                    : (a, b, c) -> IntegerArithmetic.mul24Hi(a, b) + c;
            case U32 -> low
                    ? (a, b, c) -> IntegerArithmetic.mul24Unsigned(a, b) + c
                    : (a, b, c) -> IntegerArithmetic.mul24HiUnsigned(a, b) + c;
            default -> throw op.unknown();
        };
        LaneLoop loop = adds ? Lanes.ternary(f) : Lanes.binary((a, b) -> f.apply(a, b, 0));
        return Encoding.sameType(loop, op, type, operands, frame);
    }

    /** dp4a and dp2a, whose two types are those of their packed factors. */
    static Operation dotProduct(Opcode op, List<Operand> operands, Frame frame) {
        PtxType right = op.takeType();
        PtxType left = op.takeType();
        String part = op.base().equals("dp2a") ? op.requireOneOf("lo", "hi") : "";
        op.finish();
        if (!isWord(left) || !isWord(right)) {
            throw op.unknown();
        }
        Lanes.Ternary f = switch (part) {
            case "lo" -> (a, b, c) -> DotProducts.dp2aLow(a, left.signed(), b, right.signed(), c);
            case "hi" -> (a, b, c) -> DotProducts.dp2aHigh(a, left.signed(), b, right.signed(), c);
            default -> (a, b, c) -> DotProducts.dp4a(a, left.signed(), b, right.signed(), c);
        };
        return Encoding.sameType(Lanes.ternary(f), op, PtxType.B32, operands, frame);
    }

    private static boolean isWord(PtxType type) {
        return type == PtxType.S32 || type == PtxType.U32;
    }
}
