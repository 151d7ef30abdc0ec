package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The approximate instructions against StrictMath, and the values at infinities and zeros that PTX lists. */
final class ApproximateTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;
    /** In units of the last place: rounding to the nearest, and the error of double before it. */
    private static final double MOST_ERROR = 0.5 + 1e-6;

    @FunctionalInterface
    private interface Instruction {
        float apply(float a);
    }

    private static void check(DoubleUnaryOperator truth, Instruction instruction) {
        for (float a : Edges.floats(4000)) {
            double exact = truth.applyAsDouble(a);
            float found = instruction.apply(a);
            if (Double.isFinite((float) exact)) {
                assertEquals(exact, found, MOST_ERROR * Math.ulp((float) exact), () -> "of " + a);
            } else {
                assertEquals((float) exact, found, () -> "of " + a);
            }
        }
    }

    private static double log2(double a) {
        double exponent = a > 0 && Double.isFinite(a) ? Math.getExponent(a) : 0;
        return exponent + StrictMath.log(a / StrictMath.pow(2, exponent)) / StrictMath.log(2);
    }

    @Test
    void functions() {
        check(a -> 1 / a, Approximate::rcp);
        check(StrictMath::sqrt, Approximate::sqrt);
        check(a -> 1 / StrictMath.sqrt(a), Approximate::rsqrt);
        check(a -> StrictMath.pow(2, a), Approximate::ex2);
        check(ApproximateTest::log2, Approximate::lg2);
        check(StrictMath::sin, Approximate::sin);
        check(StrictMath::cos, Approximate::cos);
        check(StrictMath::tanh, Approximate::tanh);
    }

    @Test
    void powersOfTwoAreExact() {
        for (int i = -149; i < 128; i++) {
            float power = Math.scalb(1f, i);
            assertEquals(power, Approximate.ex2(i));
            assertEquals(i, Approximate.lg2(power));
        }
    }

    /** The tables of special values in the ISA's pages on each instruction. */
    @Test
    void specialValues() {
        float[] operands = {-INFINITY, -1, -0f, 0f, INFINITY, NAN};
        float[] reciprocal = {-0f, -1, -INFINITY, INFINITY, 0f, NAN};
        float[] root = {NAN, NAN, -0f, 0f, INFINITY, NAN};
        float[] reciprocalRoot = {NAN, NAN, -INFINITY, INFINITY, 0f, NAN};
        float[] power = {0f, 0.5f, 1, 1, INFINITY, NAN};
        float[] logarithm = {NAN, NAN, -INFINITY, -INFINITY, INFINITY, NAN};
        for (int i = 0; i < operands.length; i++) {
            assertEquals(reciprocal[i], Approximate.rcp(operands[i]));
            assertEquals(root[i], Approximate.sqrt(operands[i]));
            assertEquals(reciprocalRoot[i], Approximate.rsqrt(operands[i]));
            assertEquals(power[i], Approximate.ex2(operands[i]));
            assertEquals(logarithm[i], Approximate.lg2(operands[i]));
        }
        for (float infinite : new float[] {-INFINITY, INFINITY}) {
            assertEquals(NAN, Approximate.sin(infinite));
            assertEquals(NAN, Approximate.cos(infinite));
            assertEquals(Math.signum(infinite), Approximate.tanh(infinite));
        }
        assertEquals(-0f, Approximate.sin(-0f));
    }

    @Test
    void quotients() {
        for (float a : Edges.floats(40)) {
            for (float b : Edges.floats(40)) {
                boolean tooLarge = Math.abs(b) > 0x1p126f && Math.abs(b) <= Float.MAX_VALUE;
                float expected = tooLarge ? Float.isFinite(a) ? 0 : NAN : (float) ((double) a / b);
                float found = Approximate.div(a, b);
                assertEquals(expected, tooLarge ? Math.abs(found) : found, () -> a + " / " + b);
            }
        }
        assertEquals(0.5f, Approximate.div(0x1p125f, 0x1p126f), "the largest divisor");
    }
}
