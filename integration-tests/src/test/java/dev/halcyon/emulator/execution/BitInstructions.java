package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.BitOperations;
import dev.halcyon.emulator.arithmetic.Permutation;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;
import java.util.function.LongToIntFunction;

/** Logic, shifts and operations on fields of bits. */
final class BitInstructions {
    private static final PtxType WORD = PtxType.B32;
    private static final PtxType WIDE = PtxType.B64;

    private BitInstructions() {
    }

    /** and, or, xor, not and cnot; on predicates too. */
    static Operation logic(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        op.finish();
        if (type == PtxType.PRED) {
            return PredicateInstructions.logic(op, operands, frame);
        }
        LaneLoop loop = switch (type) {
            case B64 -> wideLogic(op.base());
            case B32 -> wordLogic(op.base());
            case B16 -> op.base().endsWith("not") ? narrowNot(op.base()) : wordLogic(op.base());
            default -> null;
        };
        return Encoding.sameType(loop, op, type, operands, frame);
    }

    private static LaneLoop wordLogic(String base) {
        return switch (base) {
            case "and" -> WordLoops.AND;
            case "or" -> WordLoops.OR;
            case "xor" -> WordLoops.XOR;
            case "not" -> Lanes.unary(a -> ~a);
            case "cnot" -> Lanes.unary(a -> a == 0 ? 1 : 0);
            default -> null;
        };
    }

    private static LaneLoop narrowNot(String base) {
        return base.equals("not") ? Lanes.unary(a -> ~a & 0xffff) : wordLogic(base);
    }

    private static LaneLoop wideLogic(String base) {
        return switch (base) {
            case "and" -> WideLoops.AND;
            case "or" -> WideLoops.OR;
            case "xor" -> WideLoops.XOR;
            case "not" -> Lanes.wideUnary(a -> ~a);
            case "cnot" -> Lanes.wideUnary(a -> a == 0 ? 1 : 0);
            default -> null;
        };
    }

    /** shl and shr, whose amount has 32 bits whatever is shifted. */
    static Operation shift(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        op.finish();
        boolean left = op.base().equals("shl");
        if (type.floating() || left && type.kind() != PtxType.Kind.BITS) {
            throw op.unknown();
        }
        LaneLoop loop = switch (type.bits()) {
            case 64 -> left ? WideLoops.SHIFT_LEFT : type.signed() ? WideLoops.SHIFT_RIGHT
                    : WideLoops.SHIFT_RIGHT_UNSIGNED;
            case 32 -> left ? WordLoops.SHIFT_LEFT : type.signed() ? WordLoops.SHIFT_RIGHT
                    : WordLoops.SHIFT_RIGHT_UNSIGNED;
            case 16 -> narrowShift(left, type.signed());
            default -> null;
        };
        return Encoding.lanes(loop, op, type, new PtxType[] {type, WORD}, operands, frame, 0);
    }

    private static LaneLoop narrowShift(boolean left, boolean signed) {
        if (left) {
            return Lanes.binary((a, b) -> BitOperations.shl(a, b) & 0xffff);
        }
        return signed
                ? Lanes.binary((a, b) -> BitOperations.shr((short) a, b) & 0xffff)
                : Lanes.binary((a, b) -> BitOperations.shrUnsigned(a, b));
    }

    /** shf: a shift of two words joined. */
    static Operation funnelShift(Opcode op, List<Operand> operands, Frame frame) {
        boolean left = op.requireOneOf("l", "r").equals("l");
        boolean wraps = op.requireOneOf("wrap", "clamp").equals("wrap");
        requireType(op, op.takeType(), WORD);
        op.finish();
        Lanes.Ternary f;
        if (left) {
            f = wraps ? BitOperations::funnelLeftWrap : BitOperations::funnelLeftClamp;
        } else {
            f = wraps ? BitOperations::funnelRightWrap : BitOperations::funnelRightClamp;
        }
        return Encoding.sameType(Lanes.ternary(f), op, WORD, operands, frame);
    }

    private static void requireType(Opcode op, PtxType found, PtxType expected) {
        if (found != expected) {
            throw op.unknown();
        }
    }

    /** lop3: any function of three bits. */
    static Operation lop3(Opcode op, List<Operand> operands, Frame frame) {
        requireType(op, op.takeType(), WORD);
        op.finish();
        if (operands.size() != 5 || !(operands.get(4) instanceof Operand.IntegerLiteral(long table))) {
            throw op.error("three operands and a table are expected");
        }
        Lanes.Ternary f = (a, b, c) -> BitOperations.lop3(a, b, c, (int) table);
        return Encoding.sameType(Lanes.ternary(f), op, WORD, operands.subList(0, 4), frame);
    }

    /** bfe: takes a field out. */
    static Operation extract(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        op.finish();
        LaneLoop loop = switch (type) {
            case U32 -> Lanes.ternary(BitOperations::extract);
            case S32 -> Lanes.ternary(BitOperations::extractSigned);
            case U64 -> (r, q, d, a, b, c) -> {
                for (int i = 0; i < Warp.LANES; i++) {
                    q[d + i] = BitOperations.extract(q[a + i], r[b + i], r[c + i]);
                }
            };
            case S64 -> (r, q, d, a, b, c) -> {
                for (int i = 0; i < Warp.LANES; i++) {
                    q[d + i] = BitOperations.extractSigned(q[a + i], r[b + i], r[c + i]);
                }
            };
            default -> null;
        };
        return Encoding.lanes(loop, op, type, new PtxType[] {type, WORD, WORD}, operands, frame, 0);
    }

    /** bfi: puts a field in. */
    static Operation insert(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        op.finish();
        Encoding.expect(operands, 5, op);
        int length = frame.source(operands.get(4), WORD, op);
        LaneLoop loop = switch (type) {
            case B32 -> (r, q, d, a, b, c) -> {
                for (int i = 0; i < Warp.LANES; i++) {
                    r[d + i] = BitOperations.insert(r[a + i], r[b + i], r[c + i], r[length + i]);
                }
            };
            case B64 -> (r, q, d, a, b, c) -> {
                for (int i = 0; i < Warp.LANES; i++) {
                    q[d + i] = BitOperations.insert(q[a + i], q[b + i], r[c + i], r[length + i]);
                }
            };
            default -> null;
        };
        return Encoding.lanes(loop, op, type, new PtxType[] {type, type, WORD}, operands.subList(0, 4), frame, 0);
    }

    /** bfind: where the highest bit is. */
    static Operation find(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        boolean shift = op.take("shiftamt");
        op.finish();
        LaneLoop loop = switch (type) {
            case U32 -> Lanes.unary(a -> found(BitOperations.find(a), shift, 32));
            case S32 -> Lanes.unary(a -> found(BitOperations.findSigned(a), shift, 32));
            case U64 -> wideToWord(a -> found(BitOperations.find(a), shift, 64));
            case S64 -> wideToWord(a -> found(BitOperations.findSigned(a), shift, 64));
            default -> null;
        };
        return Encoding.lanes(loop, op, WORD, new PtxType[] {type}, operands, frame, 0);
    }

    private static int found(int position, boolean shift, int width) {
        return shift ? BitOperations.shiftAmount(position, width) : position;
    }

    private static LaneLoop wideToWord(LongToIntFunction f) {
        return (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                r[d + i] = f.applyAsInt(q[a + i]);
            }
        };
    }

    /** popc and clz, whose results have 32 bits, and brev. */
    static Operation count(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        op.finish();
        requireBits(op, type);
        boolean wide = type == WIDE;
        LaneLoop loop = switch (op.base()) {
            case "popc" -> wide ? wideToWord(Long::bitCount) : Lanes.unary(Integer::bitCount);
            case "clz" -> wide ? wideToWord(Long::numberOfLeadingZeros) : Lanes.unary(Integer::numberOfLeadingZeros);
            default -> wide ? Lanes.wideUnary(Long::reverse) : Lanes.unary(Integer::reverse);
        };
        PtxType result = op.base().equals("brev") ? type : WORD;
        return Encoding.lanes(loop, op, result, new PtxType[] {type}, operands, frame, 0);
    }

    private static void requireBits(Opcode op, PtxType type) {
        if (type != WORD && type != WIDE) {
            throw op.unknown();
        }
    }

    /** prmt: chooses bytes. */
    static Operation permute(Opcode op, List<Operand> operands, Frame frame) {
        String mode = op.takeOneOf("f4e", "b4e", "rc8", "ecl", "ecr", "rc16");
        requireType(op, op.takeType(), WORD);
        op.finish();
        Permutation permutation = mode == null ? Permutation.GENERIC : Permutation.of(mode);
        return Encoding.sameType(Lanes.ternary(permutation::apply), op, WORD, operands, frame);
    }
}
