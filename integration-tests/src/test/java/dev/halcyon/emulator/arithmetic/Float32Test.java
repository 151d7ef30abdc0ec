package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Float32 in every rounding against exact decimal arithmetic, on all pairs and triples of corners. */
final class Float32Test {
    private static final float[] VALUES = Edges.floats(24);
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private static float rounded(ExactNumber exact, Rounding rounding) {
        return (float) RoundedNumber.F32.of(exact, rounding);
    }

    /** IEEE 754, 6.3: the sign of a sum that is exactly zero. */
    private static float zeroSum(double a, double b, Rounding rounding) {
        boolean areZerosOfOneSign = a == 0 && Double.compare(a, b) == 0;
        float otherwise = rounding == Rounding.DOWN ? -0f : 0f;
        return areZerosOfOneSign ? (float) a : otherwise;
    }

    private static boolean areFinite(float a, float b) {
        return Float.isFinite(a) && Float.isFinite(b);
    }

    private static float expectedSum(float a, float b, Rounding rounding) {
        if (!areFinite(a, b)) {
            return a + b;
        }
        return a == -b ? zeroSum(a, b, rounding) : rounded(ExactNumber.sum(a, b), rounding);
    }

    private static float expectedProduct(float a, float b, Rounding rounding) {
        boolean isOrdinary = areFinite(a, b) && a != 0 && b != 0;
        return isOrdinary ? rounded(ExactNumber.product(a, b), rounding) : a * b;
    }

    private static float expectedQuotient(float a, float b, Rounding rounding) {
        boolean isOrdinary = areFinite(a, b) && a != 0 && b != 0;
        return isOrdinary ? rounded(ExactNumber.quotient(a, b), rounding) : a / b;
    }

    private static float expectedFma(float a, float b, float c, Rounding rounding) {
        double product = (double) a * b;
        if (!areFinite(a, b) || !Float.isFinite(c)) {
            return (float) (product + c);
        }
        return product == -c ? zeroSum(product, c, rounding) : rounded(ExactNumber.productAndSum(a, b, c), rounding);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEAREST_AWAY")
    void pairs(Rounding rounding) {
        for (float a : VALUES) {
            for (float b : VALUES) {
                assertEquals(expectedSum(a, b, rounding), Float32.add(a, b, rounding), () -> a + " + " + b);
                assertEquals(expectedSum(a, -b, rounding), Float32.sub(a, b, rounding), () -> a + " - " + b);
                assertEquals(expectedProduct(a, b, rounding), Float32.mul(a, b, rounding), () -> a + " * " + b);
                assertEquals(expectedQuotient(a, b, rounding), Float32.div(a, b, rounding), () -> a + " / " + b);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEAREST_AWAY")
    void triples(Rounding rounding) {
        float[] few = Edges.fewFloats();
        for (float a : few) {
            for (float b : few) {
                for (float c : few) {
                    assertEquals(expectedFma(a, b, c, rounding), Float32.fma(a, b, c, rounding),
                            () -> a + " * " + b + " + " + c);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEAREST_AWAY")
    void reciprocalsAndRoots(Rounding rounding) {
        for (float a : Edges.floats(500)) {
            assertEquals(expectedQuotient(1, a, rounding), Float32.rcp(a, rounding), () -> "1 / " + a);
            float root = a > 0 && a < INFINITY
                    ? rounded(ExactNumber.squareRoot(a), rounding)
                    : (float) StrictMath.sqrt(a);
            assertEquals(root, Float32.sqrt(a, rounding), () -> "root of " + a);
        }
    }

    @Test
    void leastAndMost() {
        for (float a : VALUES) {
            for (float b : VALUES) {
                boolean anyNan = Float.isNaN(a) || Float.isNaN(b);
                float number = Float.isNaN(a) ? b : a;
                boolean inOrder = Float.compare(a, b) <= 0;
                assertEquals(anyNan ? number : inOrder ? a : b, Float32.min(a, b));
                assertEquals(anyNan ? number : inOrder ? b : a, Float32.max(a, b));
                assertEquals(anyNan ? Float.NaN : inOrder ? a : b, Float32.minNan(a, b));
                assertEquals(anyNan ? Float.NaN : inOrder ? b : a, Float32.maxNan(a, b));
            }
        }
    }

    @Test
    void signsAreTakenFromTheFirstOperand() {
        assertEquals(-2f, Float32.copySign(-1, 2));
        assertEquals(2f, Float32.copySign(0f, -2));
        assertEquals(-0f, Float32.copySign(-INFINITY, 0));
        assertEquals(-1f, Float32.xorSign(1, -3, 1));
        assertEquals(1f, Float32.xorSign(1, -3, -1));
        assertEquals(-0f, Float32.xorSign(0, 0f, -2));
    }

    @Test
    void subnormalNumbersAreFlushedWithTheirSign() {
        for (float a : VALUES) {
            boolean isSubnormal = a != 0 && Math.abs(a) < 0x1p-126f;
            assertEquals(isSubnormal ? a < 0 ? -0f : 0f : a, Float32.flush(a));
        }
        assertEquals(0x1p-126f, Float32.flush(0x1p-126f));
        assertEquals(-0f, Float32.flush(-0x1.fffffcp-127f));
    }

    @Test
    void saturationClampsToZeroAndOne() {
        float[] given = {-INFINITY, -1, -0f, 0f, Float.MIN_VALUE, 0.3f, 1, 1.0000001f, INFINITY, Float.NaN};
        float[] clamped = {0f, 0f, 0f, 0f, Float.MIN_VALUE, 0.3f, 1, 1, 1, 0f};
        for (int i = 0; i < given.length; i++) {
            assertEquals(clamped[i], Float32.saturate(given[i]));
        }
    }

    @Test
    void everyNanIsTheSame() {
        assertEquals(0x7fffffff, Float32.bits(Float.intBitsToFloat(0xffc00001)));
        assertEquals(0x7fffffff, Float32.bits(Float.intBitsToFloat(0x7f800001)));
        for (float a : VALUES) {
            assertEquals(Float.isNaN(a) ? 0x7fffffff : Float.floatToRawIntBits(a), Float32.bits(a));
        }
    }
}
