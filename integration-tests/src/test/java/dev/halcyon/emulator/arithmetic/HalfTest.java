package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The formats of 16 bits: all their numbers both ways, and arithmetic against exact decimal arithmetic. */
final class HalfTest {
    private static final int PATTERNS = 1 << 16;
    private static final int SIGN = 0x8000;

    private static RoundedNumber truth(Half half) {
        return half == Half.F16 ? RoundedNumber.F16 : RoundedNumber.BF16;
    }

    /** From the definition of each format. */
    private static double number(Half half, int bits) {
        return half == Half.F16 ? RoundedNumber.decodeF16(bits) : Float.intBitsToFloat(bits << 16);
    }

    private static int infinity(Half half) {
        return half == Half.F16 ? 0x7c00 : 0x7f80;
    }

    /** Zeros, subnormal numbers, around 1, the largest, infinities, NaN, and draws. */
    private static int[] corners(Half half, int draws) {
        int one = half == Half.F16 ? 0x3c00 : 0x3f80;
        int normal = half == Half.F16 ? 0x0400 : 0x0080;
        int infinity = infinity(half);
        int[] chosen = {0, 1, 2, 3, normal - 1, normal, normal + 1, one - normal, one - 1, one, one + 1, one + 2,
            one + normal, infinity - normal, infinity - 2, infinity - 1, infinity, infinity + 1, 0x7fff};
        int[] corners = new Random(16).ints(2L * chosen.length + draws, 0, PATTERNS).toArray();
        for (int i = 0; i < chosen.length; i++) {
            corners[2 * i] = chosen[i];
            corners[2 * i + 1] = chosen[i] | SIGN;
        }
        return corners;
    }

    @ParameterizedTest
    @EnumSource
    void everyNumberIsDecodedAndFoundAgain(Half half) {
        for (int bits = 0; bits < PATTERNS; bits++) {
            double number = number(half, bits);
            assertEquals((float) number, half.toFloat(bits));
            assertEquals((float) number, half.toFloat(bits | 0xabcd0000), "the upper half counts");
            int again = Double.isNaN(number) ? 0x7fff : bits;
            assertEquals(again, half.of((float) number));
            for (Rounding rounding : Rounding.values()) {
                assertEquals(again, half.of(number, rounding));
            }
        }
    }

    /** Between every two neighbours: just above the lower, around the middle, just below the upper. */
    @ParameterizedTest
    @EnumSource
    void whatLiesBetweenIsRounded(Half half) {
        for (int bits = 0; bits < infinity(half); bits++) {
            double below = number(half, bits);
            double above = bits + 1 == infinity(half) ? 2 * below - number(half, bits - 1) : number(half, bits + 1);
            float middle = (float) ((below + above) / 2);
            int even = bits + (bits & 1);
            checkBetween(half, Math.nextUp(below), bits, bits, bits);
            checkBetween(half, Math.nextDown((double) middle), bits, bits, bits);
            checkBetween(half, middle, bits, even, bits + 1);
            checkBetween(half, Math.nextUp((double) middle), bits, bits + 1, bits + 1);
            checkBetween(half, Math.nextDown(above), bits, bits + 1, bits + 1);
            if (middle < Float.MAX_VALUE) {
                checkNearest(half, middle, bits, even);
            }
        }
    }

    private static void checkBetween(Half half, double x, int below, int nearestEven, int nearestAway) {
        assertEquals(below, half.of(x, Rounding.ZERO));
        assertEquals(below, half.of(x, Rounding.DOWN));
        assertEquals(below + 1, half.of(x, Rounding.UP));
        assertEquals(nearestEven, half.of(x, Rounding.NEAREST_EVEN));
        assertEquals(nearestAway, half.of(x, Rounding.NEAREST_AWAY));
        assertEquals(below | SIGN, half.of(-x, Rounding.ZERO));
        assertEquals(below + 1 | SIGN, half.of(-x, Rounding.DOWN));
        assertEquals(below | SIGN, half.of(-x, Rounding.UP));
        assertEquals(nearestEven | SIGN, half.of(-x, Rounding.NEAREST_EVEN));
        assertEquals(nearestAway | SIGN, half.of(-x, Rounding.NEAREST_AWAY));
    }

    private static void checkNearest(Half half, float middle, int below, int even) {
        assertEquals(even, half.of(middle));
        assertEquals(even | SIGN, half.of(-middle));
        assertEquals(below, half.of(Math.nextDown(middle)));
        assertEquals(below + 1, half.of(Math.nextUp(middle)));
    }

    private static int round(Half half, ExactNumber exact, double zero) {
        boolean isZero = exact.compareTo(BigDecimal.ZERO) == 0;
        double rounded = isZero ? zero : truth(half).of(exact, Rounding.NEAREST_EVEN);
        return bits(half, rounded);
    }

    /** By search among the numbers of the format. */
    private static int bits(Half half, double number) {
        if (Double.isNaN(number)) {
            return 0x7fff;
        }
        int low = 0;
        int high = infinity(half);
        while (low < high) {
            int middle = (low + high) / 2;
            if (number(half, middle) < Math.abs(number)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.copySign(1, number) < 0 ? low | SIGN : low;
    }

    @ParameterizedTest
    @EnumSource
    void sumsAndProducts(Half half) {
        for (int x : corners(half, 30)) {
            for (int y : corners(half, 30)) {
                double a = number(half, x);
                double b = number(half, y);
                boolean areFinite = Double.isFinite(a) && Double.isFinite(b);
                int sum = areFinite ? round(half, ExactNumber.sum(a, b), a + b) : bits(half, a + b);
                int difference = areFinite ? round(half, ExactNumber.sum(a, -b), a - b) : bits(half, a - b);
                int product = areFinite ? round(half, ExactNumber.product(a, b), a * b) : bits(half, a * b);
                assertEquals(sum, half.add(x, y), () -> a + " + " + b);
                assertEquals(difference, half.sub(x, y), () -> a + " - " + b);
                assertEquals(product, half.mul(x, y), () -> a + " * " + b);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void fma(Half half) {
        int[] corners = corners(half, 4);
        for (int x : corners) {
            for (int y : corners) {
                for (int z : corners) {
                    double a = number(half, x);
                    double b = number(half, y);
                    double c = number(half, z);
                    boolean areFinite = Double.isFinite(a * b) && Double.isFinite(c);
                    int expected = areFinite
                            ? round(half, ExactNumber.productAndSum(a, b, c), a * b + c)
                            : bits(half, a * b + c);
                    assertEquals(expected, half.fma(x, y, z), () -> a + " * " + b + " + " + c);
                }
            }
        }
    }

    /** In one rounding to double the sum would become the middle of two bfloat16 numbers. */
    @Test
    void fmaRoundsOnce() {
        int onePlus = 0x3f81;
        int threeHalves = 0x3fc0;
        int tiny = 0x0001;
        int minusTiny = 0x8001;
        assertEquals(0x3fc2, Half.BF16.mul(onePlus, threeHalves), "1.0078125 * 1.5 is a middle");
        assertEquals(0x3fc2, Half.BF16.fma(onePlus, threeHalves, tiny));
        assertEquals(0x3fc1, Half.BF16.fma(onePlus, threeHalves, minusTiny));
    }

    @ParameterizedTest
    @EnumSource
    void leastAndMost(Half half) {
        for (int x : corners(half, 20)) {
            for (int y : corners(half, 20)) {
                double a = number(half, x);
                double b = number(half, y);
                boolean anyNan = Double.isNaN(a) || Double.isNaN(b);
                double number = Double.isNaN(a) ? b : a;
                assertEquals(bits(half, anyNan ? number : Math.min(a, b)), half.min(x, y));
                assertEquals(bits(half, anyNan ? number : Math.max(a, b)), half.max(x, y));
                assertEquals(bits(half, Math.min(a, b)), half.minNan(x, y));
                assertEquals(bits(half, Math.max(a, b)), half.maxNan(x, y));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofOneOperand(Half half) {
        double leastNormal = half == Half.F16 ? 0x1p-14 : 0x1p-126;
        for (int bits = 0; bits < PATTERNS; bits++) {
            double a = number(half, bits);
            boolean isNan = Double.isNaN(a);
            assertEquals(isNan, half.isNan(bits));
            assertEquals(bits(half, Math.abs(a)), half.abs(bits));
            assertEquals(bits(half, -a), half.neg(bits));
            assertEquals(isNan || a <= 0 ? 0 : bits(half, Math.min(a, 1)), half.saturate(bits));
            assertEquals(isNan ? 0x7fff : a <= 0 ? 0 : bits, half.relu(bits));
            double flushed = Math.abs(a) < leastNormal ? Math.copySign(0, a) : a;
            assertEquals(isNan ? bits : bits(half, flushed), half.flush(bits));
        }
    }

    @ParameterizedTest
    @EnumSource
    void approximations(Half half) {
        for (int bits = 0; bits < PATTERNS; bits += 7) {
            double a = number(half, bits);
            assertEquals(half.of(StrictMath.pow(2, a), Rounding.NEAREST_EVEN), half.ex2(bits));
            assertEquals(half.of(StrictMath.tanh(a), Rounding.NEAREST_EVEN), half.tanh(bits));
        }
    }

    @Test
    void pairs() {
        assertEquals(0x40003c00, Half.F16.pair(2, 1, Rounding.NEAREST_EVEN));
        assertEquals(0xbf803f80, Half.BF16.pair(-1, 1, Rounding.ZERO));
        IntBinaryOperator add = Half.F16::add;
        assertEquals(0x44004000, Half.both(0x40003c00, 0x40003c00, add), "2 + 2 above 1 + 1");
        assertEquals(0x4700bc00, Half.F16.fmaBoth(0x40003c00, 0x4200c000, 0x3c003c00), "2 * 3 + 1 above 1 * -2 + 1");
    }
}
