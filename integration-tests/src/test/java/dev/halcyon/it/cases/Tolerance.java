package dev.halcyon.it.cases;

import dev.halcyon.tensor.DataType;
import java.util.Arrays;

/**
 * How far a result may be from the reference. The error of an element is |actual - expected| / max(|expected|, floor),
 * where the floor is the magnitude of the terms that the element is made of: where they cancel, no float32 arithmetic
 * can be exact to more than their rounding. NaN must meet NaN and an infinity the same infinity; integers are exact.
 *
 * @param relative the largest error of an element
 * @param floor magnitude of the terms; negative for the root mean square of the expected output
 */
public record Tolerance(double relative, double floor) {
    /** The rule for everything that is no long sum. */
    public static final Tolerance NORMAL = new Tolerance(1e-5, -1);

    /** Every element to its own relative error, however small it is. */
    public static final Tolerance ELEMENTWISE = new Tolerance(1e-5, 0);

    /** The same number. */
    public static final Tolerance EXACT = new Tolerance(0, 0);

    private static final double PER_ROOT_TERM = 1e-6;
    private static final double BFLOAT16_STEP = 0x1p-7;
    private static final double ROUNDED_UNITS = 16;

    /** The rule for sums: rounding errors of K terms grow like √K. */
    public static Tolerance sumOf(long terms) {
        return new Tolerance(PER_ROOT_TERM * Math.sqrt(terms), -1);
    }

    /**
     * This tolerance for sums of products whose factors are rounded, each to a relative error of at most {@code unit}: a
     * product then is off by up to 2 units of itself, and a sum of K such by about 2 √K units of a term, which is 2 units of
     * the sum's own magnitude; the largest of many errors are some times that, and a norm or an activation behind the
     * sum can make as much of it again.
     */
    public Tolerance withFactorsRounded(double unit) {
        return new Tolerance(relative + ROUNDED_UNITS * unit, floor);
    }

    /**
     * This tolerance for what is stored in a type: a number that lies between two of bfloat16's may become either, but what
     * is to be exact is no such number.
     */
    public Tolerance storedIn(DataType type) {
        return switch (type) {
            case BFLOAT16 -> relative == 0 ? EXACT : new Tolerance(Math.max(relative, BFLOAT16_STEP), floor);
            case FLOAT32, FLOAT64, FLOAT16 -> this;
            case INT32, INT64, UINT8 -> EXACT;
        };
    }

    /** The index of the first element that is too far off, or -1. */
    public int firstFailure(double[] expected, double[] actual) {
        double magnitude = floor < 0 ? rootMeanSquare(expected) : floor;
        for (int i = 0; i < expected.length; i++) {
            if (!(error(expected[i], actual[i], magnitude) <= relative)) {
                return i;
            }
        }
        return -1;
    }

    /** The largest error of all elements. */
    public double largestError(double[] expected, double[] actual) {
        double magnitude = floor < 0 ? rootMeanSquare(expected) : floor;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, error(expected[i], actual[i], magnitude));
        }
        return largest;
    }

    private static double error(double expected, double actual, double floor) {
        if (expected == actual || Double.isNaN(expected) && Double.isNaN(actual)) {
            return 0;
        }
        if (!Double.isFinite(expected) || !Double.isFinite(actual)) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.abs(actual - expected) / Math.max(Math.max(Math.abs(expected), floor), Float.MIN_NORMAL);
    }

    private static double rootMeanSquare(double[] values) {
        return Math.sqrt(Arrays.stream(values).filter(Double::isFinite).map(x -> x * x).average().orElse(0));
    }
}
