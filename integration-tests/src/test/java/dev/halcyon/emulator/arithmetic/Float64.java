package dev.halcyon.emulator.arithmetic;

import java.math.BigDecimal;

/**
 * Arithmetic in float64. Roundings other than to the nearest start from the nearest and compare it with the exact
 * result in decimal: slow, and rare in kernels.
 */
public final class Float64 {
    private Float64() {
    }

    /** {@code add.f64}. */
    public static double add(double a, double b, Rounding rounding) {
        return fma(a, 1, b, rounding);
    }

    /** {@code sub.f64}. */
    public static double sub(double a, double b, Rounding rounding) {
        return fma(a, 1, -b, rounding);
    }

    /** {@code mul.f64}. */
    public static double mul(double a, double b, Rounding rounding) {
        double nearest = a * b;
        if (rounding == Rounding.NEAREST_EVEN || !isFinite(a, b) || a == 0 || b == 0) {
            return nearest;
        }
        return step(nearest, compare(exact(a).multiply(exact(b)), nearest), rounding);
    }

    /** {@code fma.f64}: a b + c, rounded once. */
    public static double fma(double a, double b, double c, Rounding rounding) {
        double nearest = Math.fma(a, b, c);
        if (rounding == Rounding.NEAREST_EVEN || !isFinite(a, b) || !Double.isFinite(c)) {
            return nearest;
        }
        BigDecimal exact = exact(a).multiply(exact(b)).add(exact(c));
        if (exact.signum() == 0) {
            boolean plusZeros = isNegative(a) == isNegative(b) && !isNegative(c);
            return rounding == Rounding.DOWN && !plusZeros ? -0.0 : nearest;
        }
        return step(nearest, compare(exact, nearest), rounding);
    }

    /** {@code div.f64}. */
    public static double div(double a, double b, Rounding rounding) {
        double nearest = a / b;
        if (rounding == Rounding.NEAREST_EVEN || !isFinite(a, b) || a == 0 || b == 0) {
            return nearest;
        }
        int above = Double.isInfinite(nearest)
                ? compare(BigDecimal.ZERO, nearest)
                : exact(a).compareTo(exact(nearest).multiply(exact(b)));
        return step(nearest, b < 0 && !Double.isInfinite(nearest) ? -above : above, rounding);
    }

    /** {@code rcp.f64}. */
    public static double rcp(double a, Rounding rounding) {
        return div(1, a, rounding);
    }

    /** {@code sqrt.f64}. */
    public static double sqrt(double a, Rounding rounding) {
        double nearest = Math.sqrt(a);
        if (rounding == Rounding.NEAREST_EVEN || nearest == 0 || !Double.isFinite(nearest)) {
            return nearest;
        }
        return step(nearest, exact(a).compareTo(exact(nearest).pow(2)), rounding);
    }

    /** {@code min.f64}: of a number and NaN the number; -0 is less than +0. */
    public static double min(double a, double b) {
        if (a != a) {
            return b;
        }
        return b != b ? a : Math.min(a, b);
    }

    /** {@code max.f64}: of a number and NaN the number; +0 is more than -0. */
    public static double max(double a, double b) {
        if (a != a) {
            return b;
        }
        return b != b ? a : Math.max(a, b);
    }

    /** {@code copysign.f64 d, a, b}: the sign of a, the magnitude of b (the other way round than in Java). */
    public static double copySign(double a, double b) {
        return Math.copySign(b, a);
    }

    /** @param above the sign of the exact result less {@code nearest} */
    private static double step(double nearest, int above, Rounding rounding) {
        boolean down = above < 0 && (rounding == Rounding.DOWN || rounding == Rounding.ZERO && nearest > 0);
        boolean up = above > 0 && (rounding == Rounding.UP || rounding == Rounding.ZERO && nearest < 0);
        if (down) {
            return Math.nextDown(nearest);
        }
        return up ? Math.nextUp(nearest) : nearest;
    }

    private static int compare(BigDecimal exact, double nearest) {
        return Double.isInfinite(nearest) ? nearest > 0 ? -1 : 1 : exact.compareTo(exact(nearest));
    }

    private static BigDecimal exact(double x) {
        return new BigDecimal(x);
    }

    private static boolean isFinite(double a, double b) {
        return Double.isFinite(a) && Double.isFinite(b);
    }

    private static boolean isNegative(double x) {
        return Double.doubleToRawLongBits(x) < 0;
    }
}
