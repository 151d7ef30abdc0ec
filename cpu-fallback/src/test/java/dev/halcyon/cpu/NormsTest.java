package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormsTest {
    private static final String SHAPES = "2,1;50,3;7,16;1000,17;33,64;1500,64;10000,5;100,513;3,5000";

    private static int[][] shapes() {
        return Arrays.stream(SHAPES.split(";"))
                .map(text -> new int[] {Integer.parseInt(text.split(",")[0]), Integer.parseInt(text.split(",")[1])})
                .toArray(int[][]::new);
    }

    /** Mean and biased variance of one column. */
    private static double[] statistics(float[] x, int c, int channel) {
        double mean = 0;
        for (int i = channel; i < x.length; i += c) {
            mean += x[i];
        }
        mean /= x.length / c;
        double variance = 0;
        for (int i = channel; i < x.length; i += c) {
            variance += (x[i] - mean) * (x[i] - mean);
        }
        return new double[] {mean, variance / (x.length / c)};
    }

    private static double activate(Unary activation, double x) {
        return switch (activation) {
            case RELU -> Math.max(x, 0);
            case RELU6 -> Math.min(Math.max(x, 0), 6);
            default -> x;
        };
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY, false, 0", "RELU, true, 0", "RELU6, false, 3", "RELU, false, 1000", "IDENTITY, true, -300"})
    void trainingNormalisesByTheBatch(Unary activation, boolean added, double mean) {
        for (int[] shape : shapes()) {
            checkTraining(activation, added, mean, shape[0], shape[1]);
        }
    }

    private static void checkTraining(Unary activation, boolean added, double offset, int n, int c) {
        float[][] given = new float[4][];
        float[] found = Fixture.sameOnAnyThreads(fixture -> {
            View x = fixture.uniform(offset - 1, offset + 1, n, c);
            View residual = fixture.random(n, c);
            View gamma = fixture.uniform(0.5, 1.5, c);
            View beta = fixture.random(c);
            View[] written = {fixture.full(1, c), fixture.full(2, c), fixture.empty(c), fixture.empty(c),
                fixture.empty(n, c)};
            given[0] = fixture.floats(x);
            given[1] = fixture.floats(residual);
            given[2] = fixture.floats(gamma);
            given[3] = fixture.floats(beta);
            fixture.backend().batchNormActivation(new BatchNorm(1e-5, 0.25), activation, x, added ? residual : null,
                    gamma, beta, written[0], written[1], written[2], written[3], written[4]);
            return joined(fixture, written);
        });
        double[] expected = new double[found.length];
        for (int i = 0; i < c; i++) {
            double[] s = statistics(given[0], c, i);
            double inverse = 1 / Math.sqrt(s[1] + 1e-5);
            expected[i] = 0.75 + 0.25 * s[0];
            expected[c + i] = 1.5 + 0.25 * s[1] * n / (n - 1);
            expected[2 * c + i] = s[0];
            expected[3 * c + i] = inverse;
            for (int row = 0; row < n; row++) {
                int k = row * c + i;
                double y = (given[0][k] - s[0]) * inverse * given[2][i] + given[3][i] + (added ? given[1][k] : 0);
                expected[4 * c + k] = activate(activation, y);
            }
        }
        Fixture.assertClose(expected, found, 1e-5, 1);
    }

    private static float[] joined(Fixture fixture, View... views) {
        int total = 0;
        for (View view : views) {
            total += (int) view.elements();
        }
        float[] all = new float[total];
        int next = 0;
        for (View view : views) {
            System.arraycopy(fixture.floats(view), 0, all, next, (int) view.elements());
            next += (int) view.elements();
        }
        return all;
    }

    @Test
    void constantChannelsHaveNoVariance() {
        try (Fixture fixture = new Fixture(2)) {
            View inverse = fixture.empty(24);
            View y = fixture.empty(3000, 24);
            fixture.backend().batchNorm(new BatchNorm(1e-5, 0.1), fixture.full(1234.5678, 3000, 24),
                    fixture.full(1, 24), fixture.full(0.5, 24), fixture.full(0, 24), fixture.full(1, 24),
                    fixture.empty(24), inverse, y);
            assertEquals(1 / Math.sqrt(1e-5), fixture.floats(inverse)[7], 1e-3);
            assertEquals(0.5, fixture.floats(y)[71_000], 1e-3);
        }
    }

    @Test
    void anOutlierAtTheStartDoesNotSpoilTheStatistics() {
        try (Fixture fixture = new Fixture(2)) {
            View x = fixture.random(100_000, 8);
            Memory.setFloat(Memory.address(x), 3e4f);
            View inverse = fixture.empty(8);
            View mean = fixture.empty(8);
            fixture.backend().batchNorm(BatchNorm.DEFAULT, x, fixture.full(1, 8), fixture.full(0, 8),
                    fixture.full(0, 8), fixture.full(1, 8), mean, inverse, fixture.empty(100_000, 8));
            for (int i = 0; i < 8; i++) {
                double[] expected = statistics(fixture.floats(x), 8, i);
                assertEquals(1 / Math.sqrt(expected[1] + 1e-5), fixture.floats(inverse)[i], 1e-5);
                assertEquals(expected[0], fixture.floats(mean)[i], 1e-5);
            }
        }
    }

    @Test
    void inferenceUsesTheRunningStatistics() {
        try (Fixture fixture = new Fixture(2)) {
            View x = fixture.random(700, 19);
            View gamma = fixture.random(19);
            View beta = fixture.random(19);
            View mean = fixture.random(19);
            View variance = fixture.uniform(0.5, 2, 19);
            View y = fixture.empty(700, 19);
            fixture.backend().batchNormInference(BatchNorm.DEFAULT, x, gamma, beta, mean, variance, y);
            double[] expected = new double[700 * 19];
            for (int i = 0; i < expected.length; i++) {
                int c = i % 19;
                expected[i] = (fixture.floats(x)[i] - fixture.floats(mean)[c])
                        / Math.sqrt(fixture.floats(variance)[c] + 1e-5) * fixture.floats(gamma)[c]
                        + fixture.floats(beta)[c];
            }
            Fixture.assertClose(expected, fixture.floats(y), 1e-5, 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY, false, 0", "IDENTITY, true, 0", "RELU, true, 0", "RELU, false, 500", "RELU6, false, 2"})
    void gradientFollowsTheFormula(Unary activation, boolean added, double mean) {
        for (int[] shape : shapes()) {
            checkGradient(activation, added, mean, shape[0], shape[1]);
        }
    }

    private static void checkGradient(Unary activation, boolean added, double offset, int n, int c) {
        float[][] given = new float[6][];
        float[] found = Fixture.sameOnAnyThreads(fixture -> {
            View[] read = {fixture.uniform(offset - 1, offset + 1, n, c), fixture.uniform(-3, 8, n, c),
                fixture.uniform(0.5, 1.5, c), fixture.uniform(offset - 0.1, offset + 0.1, c), fixture.uniform(1, 2, c),
                fixture.random(n, c)};
            for (int i = 0; i < read.length; i++) {
                given[i] = fixture.floats(read[i]);
            }
            View dx = fixture.empty(n, c);
            View dresidual = fixture.empty(n, c);
            View dgamma = fixture.full(3, c);
            View dbeta = fixture.full(4, c);
            fixture.backend().batchNormActivationGradient(activation, read[0], read[1], read[2], read[3], read[4],
                    read[5], dx, added ? dresidual : null, dgamma, dbeta);
            return added ? joined(fixture, dgamma, dbeta, dx, dresidual) : joined(fixture, dgamma, dbeta, dx);
        });
        Fixture.assertClose(gradient(activation, added, given, n, c), found, 1e-5, Math.sqrt(n) / 3 + 1);
    }

    private static double[] gradient(Unary activation, boolean added, float[][] given, int n, int c) {
        double[] expected = new double[2 * c + (added ? 2 : 1) * n * c];
        for (int i = 0; i < c; i++) {
            double sum = 0;
            double product = 0;
            for (int k = i; k < n * c; k += c) {
                double g = error(activation, given[1][k], given[5][k]);
                sum += g;
                product += g * (given[0][k] - (double) given[3][i]) * given[4][i];
            }
            expected[i] = 3 + product;
            expected[c + i] = 4 + sum;
            for (int k = i; k < n * c; k += c) {
                double g = error(activation, given[1][k], given[5][k]);
                double normal = (given[0][k] - (double) given[3][i]) * given[4][i];
                expected[2 * c + k] = given[2][i] * (double) given[4][i] * (g - sum / n - normal * product / n);
                if (added) {
                    expected[2 * c + n * c + k] = g;
                }
            }
        }
        return expected;
    }

    private static double error(Unary activation, float y, float dy) {
        return switch (activation) {
            case RELU -> y > 0 ? dy : 0;
            case RELU6 -> y > 0 && y < 6 ? dy : 0;
            default -> dy;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 37, 512, 5001})
    void layerNormNormalisesRows(int width) {
        int n = 75;
        Function<Fixture, float[]> run = fixture -> {
            View x = fixture.uniform(49, 51, n, width);
            View mean = fixture.empty(n);
            View inverse = fixture.empty(n);
            View y = fixture.empty(n, width);
            fixture.backend().layerNorm(new LayerNorm(1e-5), x, fixture.full(2, width), fixture.full(-1, width), mean,
                    inverse, y);
            return joined(fixture, x, mean, inverse, y);
        };
        float[] found = Fixture.sameOnAnyThreads(run);
        double[] expected = new double[found.length];
        for (int row = 0; row < n; row++) {
            float[] x = Arrays.copyOfRange(found, row * width, (row + 1) * width);
            double[] s = statistics(x, 1, 0);
            double inverse = 1 / Math.sqrt(s[1] + 1e-5);
            expected[n * width + row] = s[0];
            expected[n * width + n + row] = inverse;
            for (int i = 0; i < width; i++) {
                expected[row * width + i] = x[i];
                expected[n * width + 2 * n + row * width + i] = 2 * (x[i] - s[0]) * inverse - 1;
            }
        }
        Fixture.assertClose(expected, found, 1e-5, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 37, 512})
    void layerNormGradientFollowsTheFormula(int width) {
        int n = 300;
        float[][] given = new float[5][];
        float[] found = Fixture.sameOnAnyThreads(fixture -> {
            View[] read = {fixture.random(n, width), fixture.uniform(0.5, 1.5, width), fixture.uniform(-0.1, 0.1, n),
                fixture.uniform(1, 2, n), fixture.random(n, width)};
            for (int i = 0; i < read.length; i++) {
                given[i] = fixture.floats(read[i]);
            }
            View dx = fixture.empty(n, width);
            View dgamma = fixture.full(3, width);
            View dbeta = fixture.full(4, width);
            fixture.backend().layerNormGradient(read[0], read[1], read[2], read[3], read[4], dx, dgamma, dbeta);
            return joined(fixture, dgamma, dbeta, dx);
        });
        double[] expected = new double[found.length];
        for (int i = 0; i < width; i++) {
            expected[i] = 3;
            expected[width + i] = 4;
        }
        for (int row = 0; row < n; row++) {
            layerRow(given, row, width, expected);
        }
        Fixture.assertClose(expected, found, 1e-5, 10);
    }

    private static void layerRow(float[][] given, int row, int width, double[] expected) {
        double sum = 0;
        double product = 0;
        double[] normal = new double[width];
        for (int i = 0; i < width; i++) {
            double dy = given[4][row * width + i];
            normal[i] = (given[0][row * width + i] - (double) given[2][row]) * given[3][row];
            sum += given[1][i] * dy;
            product += given[1][i] * dy * normal[i];
            expected[i] += dy * normal[i];
            expected[width + i] += dy;
        }
        for (int i = 0; i < width; i++) {
            double h = given[1][i] * (double) given[4][row * width + i];
            expected[2 * width + row * width + i] = given[3][row] * (h - sum / width - normal[i] * product / width);
        }
    }
}
