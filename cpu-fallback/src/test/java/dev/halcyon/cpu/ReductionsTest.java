package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Reduce;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReductionsTest {
    private static final long[][] SHAPES = {{1}, {7}, {300_001}, {3, 1, 5}, {4, 3, 17, 6}, {2, 33, 31, 24}, {5, 64, 64},
        {3, 2, 10_001}, {2, 3, 1, 2, 3}, {9000, 10}};

    @ParameterizedTest
    @EnumSource(Reduce.Kind.class)
    void foldsAnyAxes(Reduce.Kind kind) {
        for (long[] extents : SHAPES) {
            for (int axes = 0; axes < 1 << extents.length; axes++) {
                long[] target = extents.clone();
                for (int axis = 0; axis < target.length; axis++) {
                    target[axis] = (axes >> axis & 1) == 1 ? 1 : target[axis];
                }
                check(kind, Shape.of(extents), Shape.of(target));
            }
        }
    }

    private static void check(Reduce.Kind kind, Shape from, Shape to) {
        float[][] input = new float[1][];
        float[] found = Fixture.sameOnAnyThreads(fixture -> {
            View x = fixture.random(from.extents());
            View y = fixture.empty(to.extents());
            input[0] = fixture.floats(x);
            fixture.backend().reduce(Reduce.of(kind), x, y);
            return fixture.floats(y);
        });
        double terms = (double) from.elements() / to.elements();
        double size = kind == Reduce.Kind.SUM || kind == Reduce.Kind.SUM_OF_SQUARES ? Math.sqrt(terms) : 1;
        Fixture.assertClose(reduce(kind, from, to, input[0]), found, 1e-6, size);
    }

    private static double[] reduce(Reduce.Kind kind, Shape from, Shape to, float[] x) {
        double[] result = new double[(int) to.elements()];
        Arrays.fill(result, kind == Reduce.Kind.MAX ? Double.NEGATIVE_INFINITY : 0);
        for (int i = 0; i < x.length; i++) {
            int rest = i;
            int place = 0;
            int step = 1;
            for (int axis = from.rank() - 1; axis >= 0; axis--) {
                int index = (int) (rest % from.extent(axis));
                rest /= (int) from.extent(axis);
                place += to.extent(axis) == 1 ? 0 : index * step;
                step *= (int) to.extent(axis);
            }
            double value = x[i];
            switch (kind) {
                case SUM -> result[place] += value;
                case MEAN -> result[place] += value * result.length / x.length;
                case MAX -> result[place] = Math.max(result[place], value);
                case SUM_OF_SQUARES -> result[place] += value * value;
            }
        }
        return result;
    }

    @Test
    void accumulatesOnRequest() {
        try (Fixture fixture = new Fixture(2)) {
            View y = fixture.full(5, 1, 3);
            fixture.backend().reduce(new Reduce(Reduce.Kind.SUM, true), fixture.full(2, 1000, 3), y);
            assertArrayEquals(new float[] {2005, 2005, 2005}, fixture.floats(y));
        }
    }

    @Test
    void notANumberIsTheMaximum() {
        try (Fixture fixture = new Fixture(2)) {
            View x = fixture.random(50, 50);
            Memory.setFloat(Memory.address(x) + 4 * 1234, Float.NaN);
            for (long[] target : new long[][] {{1, 1}, {50, 1}, {1, 50}}) {
                View y = fixture.empty(target);
                fixture.backend().reduce(Reduce.of(Reduce.Kind.MAX), x, y);
                int found = 0;
                for (float value : fixture.floats(y)) {
                    found += Float.isNaN(value) ? 1 : 0;
                }
                assertEquals(1, found);
            }
        }
    }

    @Test
    void largestElementIsTheFirstOfEquals() {
        try (Fixture fixture = new Fixture(2)) {
            float[] x = new float[300 * 37];
            long[] expected = new long[300];
            for (int row = 0; row < 300; row++) {
                expected[row] = row % 36;
                x[row * 37 + row % 36] = 2;
                x[row * 37 + 36] = row % 2 == 0 ? 2 : 1;
            }
            View y = fixture.empty(DataType.INT64, 300);
            fixture.backend().argMax(fixture.of(x, 300, 37), y);
            assertArrayEquals(expected, fixture.longs(y));
        }
    }

    @Test
    void topOnesComeInDescendingOrderAndLowerIndicesFirst() {
        try (Fixture fixture = new Fixture(2)) {
            View x = fixture.of(new float[] {1, 3, 2, 3, 0, -1, -0f, 0, -1, Float.NaN, -2, 5}, 2, 6);
            View values = fixture.empty(2, 6);
            View indices = fixture.empty(DataType.INT64, 2, 6);
            fixture.backend().topK(x, values, indices);
            assertArrayEquals(new long[] {1, 3, 2, 0, 4, 5, 3, 5, 0, 1, 2, 4}, fixture.longs(indices));
            View one = fixture.empty(2, 1);
            View first = fixture.empty(DataType.INT64, 2, 1);
            fixture.backend().topK(x, one, first);
            assertEquals(3, fixture.floats(one)[0]);
            assertTrue(Float.isNaN(fixture.floats(one)[1]));
            assertArrayEquals(new long[] {1, 3}, fixture.longs(first));
        }
    }
}
