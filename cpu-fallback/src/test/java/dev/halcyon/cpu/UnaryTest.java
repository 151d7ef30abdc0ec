package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnaryTest {
    private static final int COUNT = 40_003;

    private static double value(Unary op, double x) {
        return switch (op) {
            case IDENTITY -> x;
            case RELU -> Math.max(x, 0);
            case RELU6 -> Math.min(Math.max(x, 0), 6);
            case GELU -> x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case SILU -> x / (1 + Math.exp(-x));
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case TANH -> Math.tanh(x);
            case HARD_SWISH -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
            case HARD_SIGMOID -> Math.min(Math.max(x + 3, 0), 6) / 6;
            case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case ABS -> Math.abs(x);
            case NEGATE -> -x;
        };
    }

    private static boolean positive(Unary op) {
        return op == Unary.LOG || op == Unary.SQRT || op == Unary.RECIPROCAL;
    }

    /** Away from kinks, and away from where a function vanishes by cancellation. */
    private static float argument(Unary op, int i) {
        double x = (i - COUNT / 2) * 20.0 / COUNT + 1e-4;
        return (float) (positive(op) ? Math.exp(x) : x);
    }

    @ParameterizedTest
    @EnumSource(Unary.class)
    void valuesAgreeWithDoublePrecision(Unary op) {
        float[] found = Fixture.sameOnAnyThreads(fixture -> {
            float[] x = new float[COUNT];
            for (int i = 0; i < COUNT; i++) {
                x[i] = argument(op, i);
            }
            View y = fixture.empty(COUNT);
            fixture.backend().unary(op, fixture.of(x, COUNT), y);
            return fixture.floats(y);
        });
        double[] expected = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            expected[i] = value(op, argument(op, i));
        }
        Fixture.assertClose(expected, found, op == Unary.GELU ? 1e-5 : 1e-6, 1e-30);
    }

    @ParameterizedTest
    @EnumSource(Unary.class)
    void gradientsAreDifferenceQuotients(Unary op) {
        try (Fixture fixture = new Fixture(2)) {
            float[] saved = new float[COUNT];
            double[] expected = new double[COUNT];
            for (int i = 0; i < COUNT; i++) {
                double x = argument(op, i);
                saved[i] = (float) (op.saved() == Unary.Saved.INPUT ? x : value(op, x));
                double step = 1e-6 * Math.max(1e-4, Math.abs(x));
                expected[i] = 3 * (value(op, x + step) - value(op, x - step)) / (2 * step);
            }
            View dx = fixture.empty(COUNT);
            fixture.backend().unaryGradient(op, fixture.of(saved, COUNT), fixture.full(3, COUNT), dx);
            Fixture.assertClose(expected, fixture.floats(dx), 2e-5, 1);
        }
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
