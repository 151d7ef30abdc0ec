package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole kernels as nvcc writes them (samples.cu), against the same in double precision. */
final class KernelsTest {
    private static final String TURING = "samples_75.ptx";
    private static final String AMPERE = "samples_80.ptx";

    private final Random random = new Random(7);

    private float[] gaussian(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {TURING, AMPERE})
    void tiledProduct(String ptx) {
        int m = 70;
        int n = 45;
        int k = 51;
        float[] a = gaussian(m * k);
        float[] b = gaussian(k * n);
        try (Bench bench = new Bench()) {
            long c = bench.memory.allocate(4 * m * n);
            LaunchReport report = bench.launch(Bench.resource(ptx), "tiledGemm", new LaunchShape(2, 3, 1, 256, 1, 1, 0),
                    bench.upload(a), bench.upload(b), c, m, n, k);
            bench.requireNoFindings();
            float[] product = bench.floats(c, m * n);
            for (int row = 0; row < m; row++) {
                for (int column = 0; column < n; column++) {
                    double sum = 0;
                    double size = 0;
                    for (int i = 0; i < k; i++) {
                        double term = (double) a[row * k + i] * b[i * n + column];
                        sum += term;
                        size += Math.abs(term);
                    }
                    assertEquals(sum, product[row * n + column], size * 0x1p-22);
                }
            }
            // 6 blocks of 256 threads, 2 tiles of 32, 4 fused multiply-adds for each of a tile's 32
            assertEquals(6L * 256 * 2 * 32 * 4 * 2, report.counters().floatOperations());
            assertEquals(4L * m * n, report.counters().globalBytesWritten());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TURING, AMPERE})
    void softmaxOfRows(String ptx) {
        int rows = 5;
        int n = 200;
        float[] x = gaussian(rows * n);
        try (Bench bench = new Bench()) {
            long y = bench.memory.allocate(4 * rows * n);
            bench.launch(Bench.resource(ptx), "softmaxRows", new LaunchShape(rows, 1, 1, 128, 1, 1, 4 * n),
                    bench.upload(x), y, n);
            bench.requireNoFindings();
            float[] shares = bench.floats(y, rows * n);
            for (int row = 0; row < rows; row++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += Math.exp(x[row * n + i]);
                }
                for (int i = 0; i < n; i++) {
                    double expected = Math.exp(x[row * n + i]) / sum;
                    assertEquals(expected, shares[row * n + i], 2e-6 * expected);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TURING, AMPERE})
    void philoxDraws(String ptx) {
        int n = 300;
        long seed = 0x123456789abcdef0L;
        try (Bench bench = new Bench()) {
            long out = bench.memory.allocate(16 * n);
            bench.launch(Bench.resource(ptx), "philox", LaunchShape.of(2, 256), out, seed, n);
            bench.requireNoFindings();
            int[] words = bench.ints(out, 4 * n);
            for (int i = 0; i < n; i++) {
                int[] expected = philox(i, seed);
                assertArrayEquals(expected, Arrays.copyOfRange(words, 4 * i, 4 * i + 4));
            }
        }
    }

    /** Salmon et al., "Parallel random numbers: as easy as 1, 2, 3". */
    private static int[] philox(int counter, long seed) {
        int[] c = {counter, 0, 0, 0};
        int k0 = (int) seed;
        int k1 = (int) (seed >>> 32);
        for (int round = 0; round < 10; round++) {
            long first = (0xD2511F53L) * (c[0] & 0xffffffffL);
            long second = (0xCD9E8D57L) * (c[2] & 0xffffffffL);
            c = new int[] {(int) (second >>> 32) ^ c[1] ^ k0, (int) second, (int) (first >>> 32) ^ c[3] ^ k1,
                (int) first};
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return c;
    }

    @ParameterizedTest
    @ValueSource(strings = {TURING, AMPERE})
    void eachThreadComputesAnotherFunction(String ptx) {
        int n = 1000;
        float[] x = gaussian(n);
        byte[] which = new byte[n];
        for (int i = 0; i < n; i++) {
            x[i] *= i % 50 == 0 ? 1e6f : 3;
            which[i] = (byte) (i % 9);
        }
        try (Bench bench = new Bench()) {
            long y = bench.memory.allocate(4 * n);
            bench.launch(Bench.resource(ptx), "chosenFunction", LaunchShape.of(16, 64), bench.upload(x),
                    bench.upload(MemorySegment.ofArray(which)), y, n);
            bench.requireNoFindings();
            float[] results = bench.floats(y, n);
            for (int i = 0; i < n; i++) {
                double expected = chosen(x[i], i);
                assertEquals(expected, results[i], 4e-7 * Math.max(1, Math.abs(expected)), "function " + i % 9 + " of "
                        + x[i]);
            }
        }
    }

    private static double chosen(float v, int i) {
        return switch (i % 9) {
            case 0 -> Math.sin(v);
            case 1 -> Math.tanh(v);
            case 2 -> Math.log((double) v * v + 1);
            case 3 -> (float) ((double) v * v * v) + (int) v;
            case 4 -> Math.pow(10, (int) v & 3);
            case 5 -> Math.sqrt((double) v * v + 2);
            case 6 -> ((i & 7) * 3 & 7) * (int) v;
            case 7 -> org.apache.commons.math3.special.Erf.erf(v);
            default -> bfloat16(bfloat16(v) + 1.5f);
        };
    }

    private static float bfloat16(float x) {
        int bits = Float.floatToRawIntBits(x);
        return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
    }

    @ParameterizedTest
    @ValueSource(strings = {TURING, AMPERE})
    void bytesAreCounted(String ptx) {
        byte[] bytes = new byte[5000];
        int[] expected = new int[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextGaussian() * 40);
            expected[bytes[i] & 0xff]++;
        }
        try (Bench bench = new Bench()) {
            long counts = bench.upload(new int[256]);
            bench.launch(Bench.resource(ptx), "histogram", LaunchShape.of(3, 256),
                    bench.upload(MemorySegment.ofArray(bytes)), counts, bytes.length);
            bench.requireNoFindings();
            assertArrayEquals(expected, bench.ints(counts, 256));
        }
    }

    @Test
    void productOnTensorCoresWithAsynchronousCopies() {
        int k = 80;
        short[] a = new short[16 * k];
        short[] b = new short[k * 8];
        for (short[] matrix : new short[][] {a, b}) {
            for (int i = 0; i < matrix.length; i++) {
                matrix[i] = (short) (Float.floatToRawIntBits((float) random.nextGaussian()) >>> 16);
            }
        }
        try (Bench bench = new Bench()) {
            long c = bench.memory.allocate(4 * 16 * 8);
            LaunchReport report = bench.launch(Bench.resource(AMPERE), "tensorGemm", LaunchShape.of(1, 32),
                    bench.upload(MemorySegment.ofArray(a)), bench.upload(MemorySegment.ofArray(b)), c, k);
            bench.requireNoFindings();
            float[] product = bench.floats(c, 16 * 8);
            for (int i = 0; i < product.length; i++) {
                double sum = 0;
                double size = 0;
                for (int j = 0; j < k; j++) {
                    double term = (double) Float.intBitsToFloat(a[i / 8 * k + j] << 16)
                            * Float.intBitsToFloat(b[j * 8 + i % 8] << 16);
                    sum += term;
                    size += Math.abs(term);
                }
                assertEquals(sum, product[i], size * 0x1p-22);
            }
            assertEquals(2L * 16 * 8 * k, report.counters().floatOperations());
        }
    }

    /** Two launches count and compute the same. */
    @Test
    void launchesAreRepeatable() {
        float[] x = gaussian(4 * 500);
        try (Bench bench = new Bench()) {
            long from = bench.upload(x);
            long first = bench.memory.allocate(4L * x.length);
            long second = bench.memory.allocate(4L * x.length);
            LaunchShape shape = new LaunchShape(4, 1, 1, 128, 1, 1, 2000);
            LaunchReport one = bench.launch(Bench.resource(AMPERE), "softmaxRows", shape, from, first, 500);
            LaunchReport two = bench.launch(Bench.resource(AMPERE), "softmaxRows", shape, from, second, 500);
            assertEquals(one, two);
            assertArrayEquals(bench.floats(first, x.length), bench.floats(second, x.length));
            assertTrue(one.counters().warpInstructions() > 0);
        }
    }
}
