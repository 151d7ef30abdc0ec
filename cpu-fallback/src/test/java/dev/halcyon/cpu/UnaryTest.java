package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Device;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnaryTest {
    private static final int COUNT = 40_003;

    private static boolean positive(Unary op) {
        return op == Unary.LOG || op == Unary.SQRT || op == Unary.RECIPROCAL;
    }

    /** Away from kinks, and away from where a function vanishes by cancellation. */
    private static float argument(Unary op, int i) {
        double x = (i - COUNT / 2) * 20.0 / COUNT + 1e-4;
        return (float) (positive(op) ? Math.exp(x) : x);
    }

    private static float[] arguments(Unary op) {
        float[] x = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            x[i] = argument(op, i);
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource(Unary.class)
    void valuesAgreeWithDoublePrecision(Unary op) {
        float[] x = arguments(op);
        float[] found = Fixture.sameOnAnyThreads(fixture -> {
            View y = fixture.empty(COUNT);
            fixture.backend().unary(op, fixture.of(x, COUNT), y);
            return fixture.floats(y);
        });
        Fixture.assertClose(reference(op, x), found, op == Unary.GELU ? 1e-5 : 1e-6, 1e-30);
    }

    @ParameterizedTest
    @EnumSource(Unary.class)
    void gradientsAgreeWithDoublePrecision(Unary op) {
        float[] x = arguments(op);
        float[] saved = op.saved() == Unary.Saved.INPUT ? x : rounded(reference(op, x));
        float[] found = Fixture.sameOnAnyThreads(fixture -> {
            View dx = fixture.empty(COUNT);
            fixture.backend().unaryGradient(op, fixture.of(saved, COUNT), fixture.full(3, COUNT), dx);
            return fixture.floats(dx);
        });
        Fixture.assertClose(referenceGradient(op, saved, 3), found, 2e-6, 1);
    }

    private static double[] reference(Unary op, float[] x) {
        try (Device device = Device.open("reference")) {
            Tensor y = Tensor.of(device, Shape.of(x.length), wide(x));
            device.backend().unary(op, y.view(), y.view());
            return y.toDoubles();
        }
    }

    private static double[] referenceGradient(Unary op, float[] saved, double dy) {
        try (Device device = Device.open("reference")) {
            Tensor dx = Tensor.full(device, DataType.FLOAT64, Shape.of(saved.length), dy);
            Tensor from = Tensor.of(device, dx.shape(), wide(saved));
            device.backend().unaryGradient(op, from.view(), dx.view(), dx.view());
            return dx.toDoubles();
        }
    }

    private static double[] wide(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static float[] rounded(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void limitsAreRight() {
        assertEquals(Float.POSITIVE_INFINITY, one(Unary.EXP, 89));
        assertEquals(0, one(Unary.EXP, -105));
        assertEquals((float) Math.exp(-95), one(Unary.EXP, -95), Float.MIN_VALUE);
        assertEquals(Float.POSITIVE_INFINITY, one(Unary.EXP, Float.POSITIVE_INFINITY));
        assertEquals(0, one(Unary.EXP, Float.NEGATIVE_INFINITY));
        assertEquals(1, one(Unary.SIGMOID, 1e30f));
        assertEquals(0, one(Unary.SIGMOID, -1e30f));
        assertEquals(-1, one(Unary.TANH, Float.NEGATIVE_INFINITY));
        assertEquals(1, one(Unary.TANH, 50));
        assertEquals(Float.NEGATIVE_INFINITY, one(Unary.LOG, 0));
        assertEquals(Float.POSITIVE_INFINITY, one(Unary.LOG, Float.POSITIVE_INFINITY));
        assertTrue(Float.isNaN(one(Unary.LOG, -1)));
        assertEquals(Math.log(1e-42f), one(Unary.LOG, 1e-42f), 1e-5);
        assertEquals(1e30f, one(Unary.SOFTPLUS, 1e30f));
        assertEquals(0, one(Unary.SOFTPLUS, -1e30f));
    }

    @ParameterizedTest
    @EnumSource(Unary.class)
    void notANumberStaysOne(Unary op) {
        assertTrue(Float.isNaN(one(op, Float.NaN)));
    }

    /** The value in a vector's lane, which is also that in a row's rest. */
    private static float one(Unary op, float x) {
        try (Fixture fixture = new Fixture(1)) {
            View view = fixture.full(x, 37);
            fixture.backend().unary(op, view, view);
            float[] y = fixture.floats(view);
            for (float other : y) {
                assertEquals(y[0], other);
            }
            return y[0];
        }
    }
}
