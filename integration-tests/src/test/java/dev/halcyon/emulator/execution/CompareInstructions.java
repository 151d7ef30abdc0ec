package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Float32;
import dev.halcyon.emulator.arithmetic.Half;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;

/** setp, which sets predicates from comparisons, and set, which makes numbers of them. */
final class CompareInstructions {
    private static final String[] COMPARISONS = {"eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ",
        "neu", "ltu", "leu", "gtu", "geu", "num", "nan"};

    private CompareInstructions() {
    }

    private record SetPredicate(Comparison comparison, int a, int b, PredicateInstructions.Combination combination,
            Predicate with, int first, int second) implements Operation {
        @Override
        public void execute(Warp warp, int lanes) {
            int holds = comparison.apply(warp.words, warp.wides, a, b);
            int other = with == null ? 0 : with.lanes(warp);
            PredicateInstructions.set(warp, first, lanes, with == null ? holds : combination.apply(holds, other));
            if (second >= 0) {
                PredicateInstructions.set(warp, second, lanes,
                        with == null ? ~holds : combination.apply(~holds, other));
            }
        }
    }

    static Operation setPredicate(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        Comparison comparison = comparison(op, type);
        String combination = op.takeOneOf("and", "or", "xor");
        op.finish();
        Encoding.expect(operands, combination == null ? 3 : 4, op);
        Operand target = operands.getFirst();
        int first;
        int second = -1;
        if (target instanceof Operand.Pair(Operand yes, Operand no)) {
            first = frame.predicate(yes, op);
            second = frame.predicate(no, op);
        } else {
            first = frame.predicate(target, op);
        }
        int a = frame.source(operands.get(1), type, op);
        int b = frame.source(operands.get(2), type, op);
        return combination == null
                ? new SetPredicate(comparison, a, b, null, null, first, second)
                : new SetPredicate(comparison, a, b, PredicateInstructions.combination(combination),
                        frame.condition(operands.get(3), op), first, second);
    }

    /** set: all bits, or 1 as a float, where a comparison holds; else 0. */
    static Operation set(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        PtxType result = op.takeType();
        Comparison comparison = comparison(op, type);
        op.finish();
        Encoding.expect(operands, 3, op);
        int value = switch (result) {
            case U32, S32 -> -1;
            case F32 -> Float.floatToRawIntBits(1);
            default -> throw op.unknown();
        };
        int target = frame.target(operands.getFirst(), result, op);
        int a = frame.source(operands.get(1), type, op);
        int b = frame.source(operands.get(2), type, op);
        return (warp, lanes) -> {
            int holds = comparison.apply(warp.words, warp.wides, a, b);
            for (int i = 0; i < Warp.LANES; i++) {
                if ((lanes >>> i & 1) != 0) {
                    warp.words[target + i] = (holds >>> i & 1) != 0 ? value : 0;
                }
            }
        };
    }

    private static Comparison comparison(Opcode op, PtxType type) {
        String name = op.requireOneOf(COMPARISONS);
        boolean flush = op.take("ftz");
        Comparison comparison = switch (type) {
            case S32, U32, B32 -> Comparisons.words(name, type);
            case S64, U64, B64 -> Comparisons.wides(name, type);
            case S16 -> Comparisons.narrow(name, type, a -> (short) a);
            case U16, B16 -> Comparisons.narrow(name, type, a -> a);
            case F32 -> Comparisons.floats(name, flush);
            case F64 -> Comparisons.doubles(name);
            case F16 -> Comparisons.numbers(name, half(Half.F16, flush));
            case BF16 -> Comparisons.numbers(name, half(Half.BF16, flush));
            default -> null;
        };
        if (comparison == null || flush && (type == PtxType.F64 || !type.floating())) {
            throw op.unknown();
        }
        return comparison;
    }

    private static Comparisons.Number half(Half format, boolean flush) {
        return flush ? a -> format.toFloat(format.flush(a)) : format::toFloat;
    }

    /** testp: what kind of number a floating-point number is. */
    static Operation testNumber(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        String property = op.requireOneOf("finite", "infinite", "number", "notanumber", "normal", "subnormal");
        op.finish();
        if (type != PtxType.F32 && type != PtxType.F64) {
            throw op.unknown();
        }
        Encoding.expect(operands, 2, op);
        int target = frame.predicate(operands.getFirst(), op);
        int a = frame.source(operands.get(1), type, op);
        boolean wide = type == PtxType.F64;
        double leastNormal = wide ? Double.MIN_NORMAL : Float.MIN_NORMAL;
        return (warp, lanes) -> {
            int holds = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                double x = wide ? Double.longBitsToDouble(warp.wides[a + i]) : Float.intBitsToFloat(warp.words[a + i]);
                holds |= (is(property, x, leastNormal) ? 1 : 0) << i;
            }
            PredicateInstructions.set(warp, target, lanes, holds);
        };
    }

    private static boolean is(String property, double x, double leastNormal) {
        return switch (property) {
            case "finite" -> Double.isFinite(x);
            case "infinite" -> Double.isInfinite(x);
            case "number" -> x == x;
            case "notanumber" -> x != x;
            case "normal" -> Double.isFinite(x) && Math.abs(x) >= leastNormal;
            default -> x != 0 && Math.abs(x) < leastNormal;
        };
    }

    /** slct: one of two values, by whether a third is negative. */
    static Operation selectBySign(Opcode op, List<Operand> operands, Frame frame) {
        PtxType by = op.takeType();
        PtxType type = op.takeType();
        boolean flush = op.take("ftz");
        op.finish();
        Lanes.Ternary f = switch (by) {
            case S32 -> (a, b, c) -> c >= 0 ? a : b;
            case F32 -> (a, b, c) -> notNegative(c, flush) ? a : b;
            default -> throw op.unknown();
        };
        LaneLoop loop = switch (type.bits()) {
            case 32 -> Lanes.ternary(f);
            case 64 -> (r, q, d, a, b, c) -> {
                for (int i = 0; i < Warp.LANES; i++) {
                    q[d + i] = f.apply(1, 0, r[c + i]) != 0 ? q[a + i] : q[b + i];
                }
            };
            default -> null;
        };
        return Encoding.lanes(loop, op, type, new PtxType[] {type, type, by}, operands, frame, 0);
    }

    private static boolean notNegative(int bits, boolean flush) {
        float number = Float.intBitsToFloat(bits);
        return (flush ? Float32.flush(number) : number) >= 0;
    }
}
