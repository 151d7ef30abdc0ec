package dev.halcyon.emulator.arithmetic;

/**
 * Sums in double that rounding once more makes right: the exact result where it is a double, otherwise that of the
 * two doubles around it whose last bit is 1 ("rounding to odd"). A result of at most 51 bits that is made from it, by any
 * rounding, is the one that would have been made from the exact result: Boldo and Melquiond, "Emulation of FMA and
 * correctly rounded sums: proved algorithms using rounding to odd", IEEE Transactions on Computers 57 (2008).
 * <p>
 * Operands are numbers of float32, products of two, or parts of a 64-bit integer: no sum of these overflows in double.
 */
final class Exact {
    private Exact() {
    }

    static double sum(double a, double b) {
        double sum = a + b;
        double part = sum - a;
        double error = (a - (sum - part)) + (b - part);
        return toOdd(sum, error);
    }

    /** A sum whose zero has the sign that the rounding asks for: x - x is -0 where it rounds down. */
    static double sum(double a, double b, Rounding rounding) {
        double sum = sum(a, b);
        boolean minusZero = sum == 0 && rounding == Rounding.DOWN && (isNegative(a) || isNegative(b));
        return minusZero ? -0.0 : sum;
    }

    /** @param error of the sign of what has to be added to {@code nearest}, NaN where that is not finite */
    private static double toOdd(double nearest, double error) {
        boolean isOdd = (Double.doubleToRawLongBits(nearest) & 1) != 0;
        if (isOdd || !Double.isFinite(nearest)) {
            return nearest;
        }
        if (error > 0) {
            return Math.nextUp(nearest);
        }
        return error < 0 ? Math.nextDown(nearest) : nearest;
    }

    private static boolean isNegative(double x) {
        return Double.doubleToRawLongBits(x) < 0;
    }
}
