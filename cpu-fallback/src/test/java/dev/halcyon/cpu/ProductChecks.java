package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Matrix products and convolutions against plain loops in double precision. Errors are relative to Σ |a| |b|, the sum
 * that rounding errors are bounded by. A program, so that it can be run with forced vector widths: it prints a checksum
 * of all results.
 */
final class ProductChecks {
    /** Rows, columns and terms: 1, odd numbers, around tiles, vectors, passes and blocks, long sums. */
    static final int[][] PRODUCTS = {{1, 1, 1}, {1, 10, 7}, {7, 1, 33}, {8, 16, 8}, {8, 32, 256}, {9, 33, 257},
        {16, 17, 15}, {31, 64, 385}, {5, 40, 9000}, {40, 48, 5000}, {513, 70, 70}, {3, 1000, 129}, {70, 90, 1}};

    private static final double[][] FACTORS = {{1, 0}, {1, 1}, {0.7, 0.5}};
    private static final Gemm[] TRANSPOSITIONS = {Gemm.of(false, false), Gemm.of(true, false), Gemm.of(false, true),
        Gemm.of(true, true)};

    /** A convolution: the input's extents, output channels, kernel rows and columns, descriptor. */
    record Case(int[] x, int outputs, int kernelHeight, int kernelWidth, Conv2d d) {
        @Override
        public String toString() {
            return "x " + Arrays.toString(x) + ", " + outputs + " channels, kernel " + kernelHeight + "x" + kernelWidth
                    + ", " + d;
        }
    }

    static final Case[] CONVOLUTIONS = {new Case(new int[] {1, 1, 1, 1}, 1, 1, 1, Conv2d.of(1, 0)),
        new Case(new int[] {2, 5, 7, 3}, 6, 3, 3, Conv2d.of(1, 1)),
        new Case(new int[] {2, 8, 8, 16}, 32, 3, 3, Conv2d.of(1, 1)),
        new Case(new int[] {3, 9, 11, 17}, 33, 3, 3, Conv2d.of(2, 1)),
        new Case(new int[] {2, 8, 8, 8}, 20, 1, 1, Conv2d.of(1, 0)),
        new Case(new int[] {2, 9, 9, 8}, 20, 1, 1, Conv2d.of(2, 0)),
        new Case(new int[] {2, 7, 7, 16}, 40, 1, 1, Conv2d.of(1, 1)),
        new Case(new int[] {2, 12, 10, 6}, 8, 5, 3, new Conv2d(2, 1, 2, 0, 1, 1, 2)),
        new Case(new int[] {1, 14, 14, 4}, 4, 3, 3, Conv2d.of(1, 2).dilated(2)),
        new Case(new int[] {2, 15, 13, 12}, 7, 2, 3, new Conv2d(3, 2, 1, 1, 2, 1, 1)),
        new Case(new int[] {2, 11, 10, 12}, 12, 3, 3, Conv2d.of(1, 1).grouped(12)),
        new Case(new int[] {2, 11, 10, 19}, 19, 3, 3, Conv2d.of(2, 1).grouped(19)),
        new Case(new int[] {2, 11, 10, 6}, 12, 3, 3, Conv2d.of(2, 1).grouped(6)),
        new Case(new int[] {4, 12, 12, 24}, 24, 3, 3, Conv2d.of(1, 1).grouped(3)),
        new Case(new int[] {2, 28, 28, 1}, 6, 5, 5, Conv2d.of(1, 2)),
        new Case(new int[] {1, 30, 30, 3}, 64, 7, 7, Conv2d.of(2, 3)),
        new Case(new int[] {4, 4, 4, 96}, 40, 3, 3, Conv2d.of(1, 1)),
        new Case(new int[] {1, 3, 3, 130}, 8, 3, 3, Conv2d.of(1, 1)),
        new Case(new int[] {2, 40, 3, 9}, 40, 4, 1, Conv2d.of(1, 0)),
        new Case(new int[] {2, 13, 13, 5}, 7, 3, 3, Conv2d.of(3, 0)),
        new Case(new int[] {8, 20, 20, 16}, 16, 3, 3, Conv2d.of(1, 1))};

    private final Fixture fixture;
    private final CRC32 checksum = new CRC32();

    ProductChecks(Fixture fixture) {
        this.fixture = fixture;
    }

    /** Ends with an exception if something is wrong. */
    public static void main(String[] arguments) {
        try (Fixture fixture = new Fixture(2)) {
            ProductChecks checks = new ProductChecks(fixture);
            for (int[] extents : PRODUCTS) {
                checks.products(extents);
            }
            for (Case c : CONVOLUTIONS) {
                checks.convolution(c);
            }
            View large = fixture.random(192, 192);
            View product = fixture.empty(192, 192);
            for (int i = 0; i < 200; i++) {
                fixture.backend().gemm(TRANSPOSITIONS[i % 4], large, large, product);
            }
            System.err.println("checksum " + checks.checksum.getValue());
        }
    }

    /** All transpositions, factors and epilogues of one size. */
    void products(int[] extents) {
        for (Gemm transposed : TRANSPOSITIONS) {
            for (double[] factors : FACTORS) {
                Gemm d = new Gemm(transposed.transposeA(), transposed.transposeB(), factors[0], factors[1]);
                product(extents, d, false);
                product(extents, d, true);
            }
        }
    }

    private void product(int[] extents, Gemm d, boolean epilogue) {
        int m = extents[0];
        int n = extents[1];
        int k = extents[2];
        View a = d.transposeA() ? fixture.random(k, m) : fixture.random(m, k);
        View b = d.transposeB() ? fixture.random(n, k) : fixture.random(k, n);
        View c = d.beta() == 0 ? fixture.empty(m, n) : fixture.random(m, n);
        View bias = fixture.random(n);
        Sums sums = new Sums(m * n);
        float[] left = fixture.floats(a);
        float[] right = fixture.floats(b);
        float[] before = fixture.floats(c);
        float[] shift = fixture.floats(bias);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < k; l++) {
                    float x = left[d.transposeA() ? l * m + i : i * k + l];
                    float y = right[d.transposeB() ? j * k + l : l * n + j];
                    sums.add(i * n + j, d.alpha() * x * y);
                }
                if (d.beta() != 0) {
                    sums.add(i * n + j, d.beta() * before[i * n + j]);
                }
                if (epilogue) {
                    sums.add(i * n + j, shift[j]);
                }
            }
        }
        String name = Arrays.toString(extents) + " " + d;
        if (epilogue) {
            sums.clampBelowZero();
            fixture.backend().gemmBiasActivation(d, Unary.RELU, a, b, bias, c);
            verify(name + " + bias, relu", sums, c);
        } else {
            fixture.backend().gemm(d, a, b, c);
            verify(name, sums, c);
        }
    }

    /** Forward, with and without epilogue, and both gradients. */
    void convolution(Case s) {
        Conv2d d = s.d;
        View x = fixture.random(s.x[0], s.x[1], s.x[2], s.x[3]);
        View w = fixture.random(s.kernelHeight, s.kernelWidth, s.x[3] / d.groups(), s.outputs);
        View bias = fixture.random(s.outputs);
        Shape out = d.outputShape(x.shape(), w.shape());
        View dy = fixture.random(out.extents());
        View y = fixture.empty(out.extents());
        View dx = fixture.empty(x.shape().extents());
        View dw = fixture.random(w.shape().extents());
        float[] inputs = fixture.floats(x);
        float[] weights = fixture.floats(w);
        float[] errors = fixture.floats(dy);
        Sums forward = new Sums((int) out.elements());
        Sums toInput = new Sums(inputs.length);
        Sums toWeights = new Sums(weights.length);
        float[] gradient = fixture.floats(dw);
        for (int i = 0; i < gradient.length; i++) {
            toWeights.add(i, gradient[i]);
        }
        visit(s, out, (output, input, weight) -> {
            forward.add(output, (double) inputs[input] * weights[weight]);
            toInput.add(input, (double) errors[output] * weights[weight]);
            toWeights.add(weight, (double) errors[output] * inputs[input]);
        });
        fixture.backend().conv2d(d, x, w, y);
        verify("forward of " + s, forward, y);
        fixture.backend().conv2dInputGradient(d, false, dy, w, dx);
        verify("input gradient of " + s, toInput, dx);
        float[] written = fixture.floats(dx);
        for (int i = 0; i < written.length; i++) {
            toInput.add(i, written[i]);
        }
        fixture.backend().conv2dInputGradient(d, true, dy, w, dx);
        verify("added input gradient of " + s, toInput, dx);
        fixture.backend().conv2dWeightGradient(d, x, dy, dw);
        verify("weight gradient of " + s, toWeights, dw);
        float[] shift = fixture.floats(bias);
        for (int i = 0; i < out.elements(); i++) {
            forward.add(i, shift[i % s.outputs]);
        }
        forward.clampBelowZero();
        fixture.backend().conv2dBiasActivation(d, Unary.RELU, x, w, bias, y);
        verify("forward + bias, relu of " + s, forward, y);
    }

    /** One multiply-add of a convolution, by the indices of its three elements. */
    @FunctionalInterface
    private interface Visit {
        void at(int output, int input, int weight);
    }

    private static void visit(Case s, Shape out, Visit visit) {
        int inputsOfGroup = s.x[3] / s.d.groups();
        int outputsOfGroup = s.outputs / s.d.groups();
        for (int pixel = 0; pixel < out.product(0, 3); pixel++) {
            int column = (int) (pixel % out.extent(2)) * s.d.strideWidth() - s.d.paddingWidth();
            int row = (int) (pixel / out.extent(2) % out.extent(1)) * s.d.strideHeight() - s.d.paddingHeight();
            int image = (int) (pixel / out.extent(2) / out.extent(1));
            for (int tap = 0; tap < s.kernelHeight * s.kernelWidth; tap++) {
                int h = row + tap / s.kernelWidth * s.d.dilationHeight();
                int v = column + tap % s.kernelWidth * s.d.dilationWidth();
                if (h < 0 || h >= s.x[1] || v < 0 || v >= s.x[2]) {
                    continue;
                }
                for (int i = 0; i < inputsOfGroup * s.outputs; i++) {
                    int channel = i / s.outputs;
                    int output = i % s.outputs;
                    int input = ((image * s.x[1] + h) * s.x[2] + v) * s.x[3] + output / outputsOfGroup * inputsOfGroup
                            + channel;
                    visit.at(pixel * s.outputs + output, input, (tap * inputsOfGroup + channel) * s.outputs + output);
                }
            }
        }
    }

    private void verify(String name, Sums sums, View view) {
        float[] found = fixture.floats(view);
        for (int i = 0; i < found.length; i++) {
            double error = Math.abs(found[i] - sums.value[i]);
            if (!(error <= 1e-6 * sums.size[i])) {
                throw new IllegalStateException(
                        name + ", element " + i + ": expected " + sums.value[i] + ", found " + found[i]);
            }
            checksum.update(Float.floatToIntBits(found[i]) >>> 24);
            checksum.update(Float.floatToIntBits(found[i]) >>> 16);
            checksum.update(Float.floatToIntBits(found[i]) >>> 8);
            checksum.update(Float.floatToIntBits(found[i]));
        }
    }

    /** Sums in double precision, each with the sum of its terms' sizes. */
    private static final class Sums {
        private final double[] value;
        private final double[] size;

        Sums(int count) {
            value = new double[count];
            size = new double[count];
        }

        void add(int i, double term) {
            value[i] += term;
            size[i] += Math.abs(term);
        }

        void clampBelowZero() {
            for (int i = 0; i < value.length; i++) {
                value[i] = Math.max(value[i], 0);
            }
        }
    }
}
