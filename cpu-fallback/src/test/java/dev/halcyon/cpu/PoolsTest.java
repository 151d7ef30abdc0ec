package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Pool2d;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolsTest {
    private static final int[] CHANNELS = {1, 3, 6, 8, 16, 19, 40};

    static List<Pool2d> pools() {
        return List.of(Pool2d.of(2, 2, 0), Pool2d.of(3, 2, 1), Pool2d.of(3, 1, 1), Pool2d.of(2, 3, 0),
                new Pool2d(1, 5, 2, 1, 0, 2), new Pool2d(7, 9, 7, 9, 0, 0), Pool2d.of(1, 1, 0));
    }

    /** Something done to every pixel of every window that lies in the image. */
    @FunctionalInterface
    private interface Visit {
        void at(int output, int input, int place);
    }

    private static void visit(Pool2d d, Shape x, Visit visit) {
        Shape y = d.outputShape(x);
        int output = 0;
        for (int image = 0; image < x.extent(0); image++) {
            for (int row = 0; row < y.extent(1); row++) {
                for (int column = 0; column < y.extent(2); column++) {
                    for (int place = 0; place < d.kernelHeight() * d.kernelWidth(); place++) {
                        int h = row * d.strideHeight() - d.paddingHeight() + place / d.kernelWidth();
                        int w = column * d.strideWidth() - d.paddingWidth() + place % d.kernelWidth();
                        if (h >= 0 && h < x.extent(1) && w >= 0 && w < x.extent(2)) {
                            visit.at(output, (int) ((image * x.extent(1) + h) * x.extent(2) + w), place);
                        }
                    }
                    output++;
                }
            }
        }
    }

    private static Shape images(int channels) {
        return Shape.of(5, 14, 18, channels);
    }

    @ParameterizedTest
    @MethodSource("pools")
    void maximaAndTheirGradientsAgreeWithPlainLoops(Pool2d d) {
        for (int c : CHANNELS) {
            Shape shape = images(c);
            float[][] given = new float[2][];
            byte[][] argument = new byte[1][];
            float[] found = Fixture.sameOnAnyThreads(fixture -> {
                View x = fixture.random(shape.extents());
                View y = fixture.empty(d.outputShape(shape).extents());
                View places = fixture.empty(DataType.UINT8, y.shape().extents());
                fixture.backend().maxPool(d, x, y, places);
                View dy = fixture.random(y.shape().extents());
                View dx = fixture.empty(shape.extents());
                fixture.backend().maxPoolGradient(d, places, dy, dx);
                given[0] = fixture.floats(x);
                given[1] = fixture.floats(dy);
                argument[0] = fixture.bytes(places);
                return concatenated(fixture.floats(y), fixture.floats(dx));
            });
            checkMaxima(d, c, given, argument[0], found);
        }
    }

    private static float[] concatenated(float[] a, float[] b) {
        float[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private static void checkMaxima(Pool2d d, int c, float[][] given, byte[] argument, float[] found) {
        int outputs = (int) d.outputShape(images(c)).elements();
        double[] expected = new double[found.length];
        int[] best = new int[outputs];
        Arrays.fill(best, -1);
        int[] places = new int[outputs];
        visit(d, images(c), (output, input, place) -> {
            for (int i = 0; i < c; i++) {
                int o = output * c + i;
                if (best[o] < 0 || given[0][input * c + i] > given[0][best[o]]) {
                    best[o] = input * c + i;
                    places[o] = place;
                }
            }
        });
        for (int o = 0; o < outputs; o++) {
            expected[o] = given[0][best[o]];
            expected[outputs + best[o]] += given[1][o];
            assertEquals(places[o], Byte.toUnsignedInt(argument[o]));
        }
        Fixture.assertClose(expected, found, 1e-6, 1);
    }

    @ParameterizedTest
    @MethodSource("pools")
    void averagesAndTheirGradientsAgreeWithPlainLoops(Pool2d d) {
        for (int c : CHANNELS) {
            Shape shape = images(c);
            float[][] given = new float[2][];
            float[] found = Fixture.sameOnAnyThreads(fixture -> {
                View x = fixture.random(shape.extents());
                View y = fixture.empty(d.outputShape(shape).extents());
                fixture.backend().averagePool(d, x, y);
                View dy = fixture.random(y.shape().extents());
                View dx = fixture.empty(shape.extents());
                fixture.backend().averagePoolGradient(d, dy, dx);
                given[0] = fixture.floats(x);
                given[1] = fixture.floats(dy);
                return concatenated(fixture.floats(y), fixture.floats(dx));
            });
            int outputs = (int) d.outputShape(shape).elements();
            double[] expected = new double[found.length];
            double share = 1.0 / (d.kernelHeight() * d.kernelWidth());
            visit(d, shape, (output, input, place) -> {
                for (int i = 0; i < c; i++) {
                    expected[output * c + i] += share * given[0][input * c + i];
                    expected[outputs + input * c + i] += share * given[1][output * c + i];
                }
            });
            Fixture.assertClose(expected, found, 2e-6, 1);
        }
    }

    @Test
    void theFirstOfEqualsWinsAndNotANumberAboveAll() {
        for (int c : CHANNELS) {
            try (Fixture fixture = new Fixture(1)) {
                View x = fixture.full(Double.NEGATIVE_INFINITY, 1, 2, 4, c);
                for (int i = 0; i < c; i++) {
                    Memory.setFloat(Memory.address(x) + 4L * (3 * c + i), Float.NaN);
                    Memory.setFloat(Memory.address(x) + 4L * (7 * c + i), Float.NaN);
                }
                View y = fixture.empty(1, 1, 2, c);
                View places = fixture.empty(DataType.UINT8, 1, 1, 2, c);
                fixture.backend().maxPool(Pool2d.of(2, 2, 0), x, y, places);
                byte[] expected = new byte[2 * c];
                Arrays.fill(expected, c, 2 * c, (byte) 1);
                assertArrayEquals(expected, fixture.bytes(places));
                assertEquals(Float.NEGATIVE_INFINITY, fixture.floats(y)[0]);
                assertTrue(Float.isNaN(fixture.floats(y)[c]));
            }
        }
    }
}
