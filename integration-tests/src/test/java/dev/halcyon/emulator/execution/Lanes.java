package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Float32;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * Loops over lanes from functions of one lane. They are for rare instructions: the function is called for every lane.
 * Frequent ones have loops of their own.
 */
final class Lanes {
    private Lanes() {
    }

    /** A function of three words. */
    @FunctionalInterface
    interface Ternary {
        int apply(int a, int b, int c);
    }

    /** A function of three wide numbers. */
    @FunctionalInterface
    interface WideTernary {
        long apply(long a, long b, long c);
    }

    /** A function of one float. */
    @FunctionalInterface
    interface FloatUnary {
        float apply(float a);
    }

    /** A function of two floats. */
    @FunctionalInterface
    interface FloatBinary {
        float apply(float a, float b);
    }

    /** A function of three floats. */
    @FunctionalInterface
    interface FloatTernary {
        float apply(float a, float b, float c);
    }

    /** A function of three doubles. */
    @FunctionalInterface
    interface DoubleTernary {
        double apply(double a, double b, double c);
    }

    /** Copies a register for some lanes. */
    static void copy(int[] words, int from, int to, int lanes) {
        for (int i = 0; i < Warp.LANES; i++) {
            words[to + i] = (lanes >>> i & 1) != 0 ? words[from + i] : words[to + i];
        }
    }

    /** Copies a register for some lanes. */
    static void copy(long[] wides, int from, int to, int lanes) {
        for (int i = 0; i < Warp.LANES; i++) {
            wides[to + i] = (lanes >>> i & 1) != 0 ? wides[from + i] : wides[to + i];
        }
    }

    static LaneLoop unary(IntUnaryOperator f) {
        return (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                r[d + i] = f.applyAsInt(r[a + i]);
            }
        };
    }

    static LaneLoop binary(IntBinaryOperator f) {
        return (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                r[d + i] = f.applyAsInt(r[a + i], r[b + i]);
            }
        };
    }

    static LaneLoop ternary(Ternary f) {
        return (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                r[d + i] = f.apply(r[a + i], r[b + i], r[c + i]);
            }
        };
    }

    static LaneLoop wideUnary(LongUnaryOperator f) {
        return (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                q[d + i] = f.applyAsLong(q[a + i]);
            }
        };
    }

    static LaneLoop wideBinary(LongBinaryOperator f) {
        return (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                q[d + i] = f.applyAsLong(q[a + i], q[b + i]);
            }
        };
    }

    static LaneLoop wideTernary(WideTernary f) {
        return (r, q, d, a, b, c) -> {
            for (int i = 0; i < Warp.LANES; i++) {
                q[d + i] = f.apply(q[a + i], q[b + i], q[c + i]);
            }
        };
    }

    static LaneLoop floatUnary(FloatUnary f) {
        return unary(a -> bits(f.apply(number(a))));
    }

    static LaneLoop floatBinary(FloatBinary f) {
        return binary((a, b) -> bits(f.apply(number(a), number(b))));
    }

    static LaneLoop floatTernary(FloatTernary f) {
        return ternary((a, b, c) -> bits(f.apply(number(a), number(b), number(c))));
    }

    static LaneLoop doubleUnary(DoubleUnaryOperator f) {
        return wideUnary(a -> wideBits(f.applyAsDouble(wideNumber(a))));
    }

    static LaneLoop doubleBinary(DoubleBinaryOperator f) {
        return wideBinary((a, b) -> wideBits(f.applyAsDouble(wideNumber(a), wideNumber(b))));
    }

    static LaneLoop doubleTernary(DoubleTernary f) {
        return wideTernary((a, b, c) -> wideBits(f.apply(wideNumber(a), wideNumber(b), wideNumber(c))));
    }

    private static float number(int bits) {
        return Float.intBitsToFloat(bits);
    }

    private static int bits(float number) {
        return Float32.bits(number);
    }

    private static double wideNumber(long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static long wideBits(double number) {
        return Double.doubleToLongBits(number);
    }
}
