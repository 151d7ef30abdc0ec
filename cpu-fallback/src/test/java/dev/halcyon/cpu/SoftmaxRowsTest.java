package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.View;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxRowsTest {
    private static final int ROWS = 67;

    private static double[] softmax(float[] x, int from, int k) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < k; i++) {
            max = Math.max(max, x[from + i]);
        }
        double[] p = new double[k];
        double sum = 0;
        for (int i = 0; i < k; i++) {
            p[i] = Math.exp(x[from + i] - max);
            sum += p[i];
        }
        for (int i = 0; i < k; i++) {
            p[i] /= sum;
        }
        return p;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 16, 33, 1000, 5001})
    void softmaxAndItsGradientAgreeWithDoublePrecision(int k) {
        float[][] given = new float[2][];
        float[][] value = new float[1][];
        float[] found = Fixture.sameOnAnyThreads(fixture -> {
            View x = fixture.uniform(-10, 10, ROWS, k);
            View dy = fixture.random(ROWS, k);
            View y = fixture.empty(ROWS, k);
            View dx = fixture.empty(ROWS, k);
            fixture.backend().softmax(x, y);
            fixture.backend().softmaxGradient(y, dy, dx);
            given[0] = fixture.floats(x);
            given[1] = fixture.floats(dy);
            value[0] = fixture.floats(y);
            return fixture.floats(dx);
        });
        for (int row = 0; row < ROWS; row++) {
            double[] p = softmax(given[0], row * k, k);
            Fixture.assertClose(p, Arrays.copyOfRange(value[0], row * k, (row + 1) * k), 3e-6, 1e-12);
            double mean = 0;
            for (int i = 0; i < k; i++) {
                mean += p[i] * given[1][row * k + i];
            }
            for (int i = 0; i < k; i++) {
                p[i] *= given[1][row * k + i] - mean;
            }
            Fixture.assertClose(p, Arrays.copyOfRange(found, row * k, (row + 1) * k), 1e-5, 1e-1);
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 0, false, false", "10, 0, false, false", "10, 0.1, false, false", "1000, 0.1, false, false",
        "37, 0.2, true, false", "37, 0, false, true", "10, 0.1, true, true"})
    void crossEntropyAndItsGradientAgreeWithDoublePrecision(int k, double smoothing, boolean soft, boolean weighted) {
        float[][] given = new float[3][];
        float[][] losses = new float[1][];
        long[] labels = new long[ROWS];
        for (int row = 0; row < ROWS; row++) {
            labels[row] = row * 7L % k;
        }
        float[] gradient = Fixture.sameOnAnyThreads(fixture -> {
            View x = fixture.uniform(-5, 5, ROWS, k);
            View targets = fixture.uniform(0, 1, ROWS, k);
            View weights = fixture.uniform(0.5, 2, k);
            View loss = fixture.empty(ROWS);
            View dx = fixture.empty(ROWS, k);
            given[0] = fixture.floats(x);
            given[1] = fixture.floats(targets);
            given[2] = fixture.floats(weights);
            fixture.backend().crossEntropy(new CrossEntropy(smoothing), x, soft ? targets : fixture.of(labels, ROWS),
                    weighted ? weights : null, loss, dx);
            losses[0] = fixture.floats(loss);
            return fixture.floats(dx);
        });
        double[] expectedLoss = new double[ROWS];
        double[] expected = new double[ROWS * k];
        for (int row = 0; row < ROWS; row++) {
            double[] p = softmax(given[0], row * k, k);
            double[] q = new double[k];
            double total = 0;
            for (int i = 0; i < k; i++) {
                double target = soft ? given[1][row * k + i] : labels[row] == i ? 1 : 0;
                q[i] = ((1 - smoothing) * target + smoothing / k) * (weighted ? given[2][i] : 1);
                total += q[i];
                expectedLoss[row] -= q[i] * Math.log(p[i]);
            }
            for (int i = 0; i < k; i++) {
                expected[row * k + i] = p[i] * total - q[i];
            }
        }
        Fixture.assertClose(expectedLoss, losses[0], 3e-6, 1e-1);
        Fixture.assertClose(expected, gradient, 1e-5, 1e-1);
    }

    /** The story that is told of it: the error of each output is p - y. */
    @Test
    void theErrorIsProbabilityMinusTruth() {
        try (Fixture fixture = new Fixture(1)) {
            float[] logits = {(float) Math.log(0.1), (float) Math.log(0.8), (float) Math.log(0.1)};
            View dx = fixture.empty(1, 3);
            fixture.backend().crossEntropy(new CrossEntropy(0), fixture.of(logits, 1, 3), fixture.of(new long[1], 1),
                    null, fixture.empty(1), dx);
            assertEquals(-0.9, fixture.floats(dx)[0], 1e-6);
            assertEquals(0.8, fixture.floats(dx)[1], 1e-6);
        }
    }

    @Test
    void largeScoresDoNotOverflow() {
        try (Fixture fixture = new Fixture(1)) {
            View loss = fixture.empty(1);
            fixture.backend().crossEntropy(new CrossEntropy(0), fixture.of(new float[] {1e4f, -1e4f}, 1, 2),
                    fixture.of(new long[] {1}, 1), null, loss, fixture.empty(1, 2));
            assertEquals(2e4f, fixture.floats(loss)[0]);
        }
    }
}
