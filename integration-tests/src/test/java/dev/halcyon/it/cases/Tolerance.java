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

    /** The rule for sums: rounding errors of K terms grow like √K. */
    public static Tolerance sumOf(long terms) {
        return new Tolerance(PER_ROOT_TERM * Math.sqrt(terms), -1);
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
