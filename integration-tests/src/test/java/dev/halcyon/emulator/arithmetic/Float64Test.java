package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Float64 in every rounding against exact decimal arithmetic, on all pairs of corners. */
final class Float64Test {
    private static final double[] VALUES = Edges.doubles(6);
    private static final double[] ADDENDS = {0.0, -0.0, Double.MIN_VALUE, -1, 0x1p-1000, Double.MAX_VALUE};

    private static double zeroSum(double a, double b, boolean areZeros, Rounding rounding) {
        double otherwise = rounding == Rounding.DOWN ? -0.0 : 0.0;
        return areZeros && Double.compare(a, b) == 0 ? a : otherwise;
    }

    private static boolean areFinite(double a, double b) {
        return Double.isFinite(a) && Double.isFinite(b);
    }

    private static double expectedSum(double a, double b, Rounding rounding) {
        if (!areFinite(a, b)) {
            return a + b;
        }
        return a == -b ? zeroSum(a, b, a == 0, rounding) : RoundedNumber.F64.of(ExactNumber.sum(a, b), rounding);
    }

    private static double expectedProduct(double a, double b, Rounding rounding) {
        boolean isOrdinary = areFinite(a, b) && a != 0 && b != 0;
        return isOrdinary ? RoundedNumber.F64.of(ExactNumber.product(a, b), rounding) : a * b;
    }

    private static double expectedQuotient(double a, double b, Rounding rounding) {
        boolean isOrdinary = areFinite(a, b) && a != 0 && b != 0;
        return isOrdinary ? RoundedNumber.F64.of(ExactNumber.quotient(a, b), rounding) : a / b;
    }

    private static double expectedFma(double a, double b, double c, Rounding rounding) {
        if (!areFinite(a, b) || !Double.isFinite(c)) {
            return Math.fma(a, b, c);
        }
        boolean isZeroProduct = a == 0 || b == 0;
        if (isZeroProduct && c == 0) {
            return zeroSum(a * b, c, true, rounding);
        }
        ExactNumber exact = ExactNumber.productAndSum(a, b, c);
        boolean isZero = exact.compareTo(BigDecimal.ZERO) == 0;
        return isZero ? zeroSum(1, -1, false, rounding) : RoundedNumber.F64.of(exact, rounding);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEAREST_AWAY")
    void pairs(Rounding rounding) {
        for (double a : VALUES) {
            for (double b : VALUES) {
                assertEquals(expectedSum(a, b, rounding), Float64.add(a, b, rounding), () -> a + " + " + b);
                assertEquals(expectedSum(a, -b, rounding), Float64.sub(a, b, rounding), () -> a + " - " + b);
                assertEquals(expectedProduct(a, b, rounding), Float64.mul(a, b, rounding), () -> a + " * " + b);
                assertEquals(expectedQuotient(a, b, rounding), Float64.div(a, b, rounding), () -> a + " / " + b);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEAREST_AWAY")
    void triples(Rounding rounding) {
        double[] few = {0.0, -0.0, Double.MIN_VALUE, 0x1p-500, 1, Math.nextUp(1.0), -3, 0x1p520, Double.NaN};
        for (double a : few) {
            for (double b : few) {
                for (double c : ADDENDS) {
                    assertEquals(expectedFma(a, b, c, rounding), Float64.fma(a, b, c, rounding),
                            () -> a + " * " + b + " + " + c);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEAREST_AWAY")
    void reciprocalsAndRoots(Rounding rounding) {
        for (double a : VALUES) {
            assertEquals(expectedQuotient(1, a, rounding), Float64.rcp(a, rounding), () -> "1 / " + a);
            boolean isOrdinary = a > 0 && Double.isFinite(a);
            double root = isOrdinary
                    ? RoundedNumber.F64.of(ExactNumber.squareRoot(a), rounding)
                    : StrictMath.sqrt(a);
            assertEquals(root, Float64.sqrt(a, rounding), () -> "root of " + a);
        }
    }

    @Test
    void leastAndMost() {
        for (double a : VALUES) {
            for (double b : VALUES) {
                boolean anyNan = Double.isNaN(a) || Double.isNaN(b);
                double number = Double.isNaN(a) ? b : a;
                boolean inOrder = Double.compare(a, b) <= 0;
                assertEquals(anyNan ? number : inOrder ? a : b, Float64.min(a, b));
                assertEquals(anyNan ? number : inOrder ? b : a, Float64.max(a, b));
            }
        }
        assertEquals(-2.0, Float64.copySign(-0.0, 2));
    }
}
