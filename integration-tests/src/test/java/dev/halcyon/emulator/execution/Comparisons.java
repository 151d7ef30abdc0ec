package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Float32;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.function.IntUnaryOperator;

/**
 * The comparisons of setp. An order of unsigned integers is that of signed ones with the highest bit turned round; of
 * floating-point numbers, {@code lt} does not hold where one is NaN and {@code ltu} does.
 */
final class Comparisons {
    private Comparisons() {
    }

    /** Whether a comparison holds for two numbers. */
    @FunctionalInterface
    private interface Relation {
        boolean holds(double x, double y);
    }

    /** The number that some bits stand for. */
    @FunctionalInterface
    interface Number {
        float of(int bits);
    }

    static Comparison words(String name, PtxType type) {
        boolean unsigned = name.startsWith("l") && name.length() == 2 && (name.equals("lo") || name.equals("ls"))
                || name.startsWith("h") || type == PtxType.U32;
        return switch (signedName(name)) {
            case "eq" -> (r, q, a, b) -> {
                int holds = 0;
                for (int i = 0; i < Warp.LANES; i++) {
                    holds |= (r[a + i] == r[b + i] ? 1 : 0) << i;
                }
                return holds;
            };
            case "ne" -> not(words("eq", type));
            case "lt" -> type == PtxType.B32 ? null : unsigned ? belowUnsigned() : below();
            case "ge" -> not(words("lt", unsigned ? PtxType.U32 : type));
            case "gt" -> swapped(words("lt", unsigned ? PtxType.U32 : type));
            case "le" -> not(swapped(words("lt", unsigned ? PtxType.U32 : type)));
            default -> null;
        };
    }

    private static String signedName(String name) {
        return switch (name) {
            case "lo" -> "lt";
            case "ls" -> "le";
            case "hi" -> "gt";
            case "hs" -> "ge";
            default -> name;
        };
    }

    private static Comparison below() {
        return (r, q, a, b) -> {
            int holds = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                holds |= (r[a + i] < r[b + i] ? 1 : 0) << i;
            }
            return holds;
        };
    }

    private static Comparison belowUnsigned() {
        return (r, q, a, b) -> {
            int holds = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                holds |= (r[a + i] + Integer.MIN_VALUE < r[b + i] + Integer.MIN_VALUE ? 1 : 0) << i;
            }
            return holds;
        };
    }

    private static Comparison not(Comparison comparison) {
        return comparison == null ? null : (r, q, a, b) -> ~comparison.apply(r, q, a, b);
    }

    private static Comparison swapped(Comparison comparison) {
        return comparison == null ? null : (r, q, a, b) -> comparison.apply(r, q, b, a);
    }

    static Comparison wides(String name, PtxType type) {
        boolean named = !signedName(name).equals(name);
        long flip = named || type == PtxType.U64 ? Long.MIN_VALUE : 0;
        return switch (signedName(name)) {
            case "eq" -> (r, q, a, b) -> {
                int holds = 0;
                for (int i = 0; i < Warp.LANES; i++) {
                    holds |= (q[a + i] == q[b + i] ? 1 : 0) << i;
                }
                return holds;
            };
            case "ne" -> not(wides("eq", type));
            case "lt" -> type == PtxType.B64 ? null : belowWide(flip);
            case "ge" -> type == PtxType.B64 ? null : not(belowWide(flip));
            case "gt" -> type == PtxType.B64 ? null : swapped(belowWide(flip));
            case "le" -> type == PtxType.B64 ? null : not(swapped(belowWide(flip)));
            default -> null;
        };
    }

    private static Comparison belowWide(long flip) {
        return (r, q, a, b) -> {
            int holds = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                holds |= ((q[a + i] ^ flip) < (q[b + i] ^ flip) ? 1 : 0) << i;
            }
            return holds;
        };
    }

    /** Of 16 bits, which are extended to 32 first. */
    static Comparison narrow(String name, PtxType type, IntUnaryOperator extension) {
        Comparison comparison = words(name, type.bits() == 16 && type.kind() == PtxType.Kind.BITS
                ? PtxType.B32
                : PtxType.S32);
        if (comparison == null) {
            return null;
        }
        return (r, q, a, b) -> {
            int[] extended = new int[2 * Warp.LANES];
            for (int i = 0; i < Warp.LANES; i++) {
                extended[i] = extension.applyAsInt(r[a + i]);
                extended[Warp.LANES + i] = extension.applyAsInt(r[b + i]);
            }
            return comparison.apply(extended, q, 0, Warp.LANES);
        };
    }

    static Comparison floats(String name, boolean flush) {
        if (flush) {
            return numbers(name, bits -> Float32.flush(Float.intBitsToFloat(bits)));
        }
        return switch (name) {
            case "eq" -> floatEqual();
            case "lt" -> floatBelow();
            case "le" -> floatNotAbove();
            case "gt" -> swapped(floatBelow());
            case "ge" -> swapped(floatNotAbove());
            case "neu" -> not(floatEqual());
            case "geu" -> not(floatBelow());
            case "gtu" -> not(floatNotAbove());
            case "leu" -> not(swapped(floatBelow()));
            case "ltu" -> not(swapped(floatNotAbove()));
            default -> numbers(name, Float::intBitsToFloat);
        };
    }

    private static Comparison floatEqual() {
        return (r, q, a, b) -> {
            int holds = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                holds |= (Float.intBitsToFloat(r[a + i]) == Float.intBitsToFloat(r[b + i]) ? 1 : 0) << i;
            }
            return holds;
        };
    }

    private static Comparison floatBelow() {
        return (r, q, a, b) -> {
            int holds = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                holds |= (Float.intBitsToFloat(r[a + i]) < Float.intBitsToFloat(r[b + i]) ? 1 : 0) << i;
            }
            return holds;
        };
    }

    private static Comparison floatNotAbove() {
        return (r, q, a, b) -> {
            int holds = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                holds |= (Float.intBitsToFloat(r[a + i]) <= Float.intBitsToFloat(r[b + i]) ? 1 : 0) << i;
            }
            return holds;
        };
    }

    /** Of numbers that are floats when decoded. */
    static Comparison numbers(String name, Number number) {
        Relation relation = relation(name);
        return relation == null ? null : (r, q, a, b) -> {
            int holds = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                holds |= (relation.holds(number.of(r[a + i]), number.of(r[b + i])) ? 1 : 0) << i;
            }
            return holds;
        };
    }

    static Comparison doubles(String name) {
        Relation relation = relation(name);
        return relation == null ? null : (r, q, a, b) -> {
            int holds = 0;
            for (int i = 0; i < Warp.LANES; i++) {
                double x = Double.longBitsToDouble(q[a + i]);
                double y = Double.longBitsToDouble(q[b + i]);
                holds |= (relation.holds(x, y) ? 1 : 0) << i;
            }
            return holds;
        };
    }

    private static Relation relation(String name) {
        return switch (name) {
            case "eq" -> (x, y) -> x == y;
            case "ne" -> (x, y) -> x < y || x > y;
            case "lt" -> (x, y) -> x < y;
            case "le" -> (x, y) -> x <= y;
            case "gt" -> (x, y) -> x > y;
            case "ge" -> (x, y) -> x >= y;
            case "equ" -> (x, y) -> !(x < y || x > y);
            case "neu" -> (x, y) -> x != y;
            case "ltu" -> (x, y) -> !(x >= y);
            case "leu" -> (x, y) -> !(x > y);
            case "gtu" -> (x, y) -> !(x <= y);
            case "geu" -> (x, y) -> !(x < y);
            case "num" -> (x, y) -> x == x && y == y;
            case "nan" -> (x, y) -> x != x || y != y;
            default -> null;
        };
    }
}
