package dev.halcyon.report.anatomy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.tensor.Shape;
import org.junit.jupiter.api.Test;

class WeightMatrixTest {
    private static final double CLOSE = 1e-6;

    private static WeightMatrix linear(int in, int out, float... weights) {
        return new WeightMatrix(Shape.of(in, out), weights);
    }

    @Test
    void weightsBelowAHundredthOfTheLargestHaveFaded() {
        assertEquals(0.5, linear(2, 3, -100, 0.99f, -0.98f, 1, 50, 0).faded());
        assertEquals(1, linear(1, 2, 0, 0).faded());
    }

    @Test
    void equalDirectionsAllCount() {
        assertEquals(3, linear(3, 3, 2, 0, 0, 0, -2, 0, 0, 0, 2).effectiveRank(), CLOSE);
    }

    @Test
    void multiplesOfOneRowAreOneDirectionHoweverTheMatrixLies() {
        assertEquals(1, linear(2, 3, 1, 2, 3, -2, -4, -6).effectiveRank(), CLOSE);
        assertEquals(1, linear(3, 2, 1, -2, 2, -4, 3, -6).effectiveRank(), CLOSE);
    }

    /** Singular values 3 and 1: shares 3/4 and 1/4. */
    @Test
    void unequalDirectionsCountByTheirShare() {
        double entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
        assertEquals(Math.exp(entropy), linear(2, 2, 0, 3, 1, 0).effectiveRank(), CLOSE);
    }

    @Test
    void nothingHasNoDirection() {
        assertEquals(0, linear(2, 2, 0, 0, 0, 0).effectiveRank());
    }

    @Test
    void strengthsAddUpTheKernel() {
        WeightMatrix matrix = new WeightMatrix(Shape.of(1, 2, 2, 1), new float[] {1, -2, -3, 4});
        assertArrayEquals(new double[][] {{4}, {6}}, matrix.strengths());
    }

    @Test
    void changeIsRelativeToWhatWasThere() {
        WeightMatrix first = linear(1, 2, 3, 4);
        assertEquals(2, linear(1, 2, 3, 14).changeSince(first).orElseThrow(), CLOSE);
        assertTrue(first.changeSince(linear(1, 2, 0, 0)).isEmpty());
    }
}
