package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.ScalarMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions of {@link ScalarMath} on vectors, step by step the same, of operations that round the same way in the
 * interpreter and in compiled code.
 *
 * <p>The compiler inlines only so many vector operations into one loop, and a call that is not inlined boxes its
 * vectors. Hence constants are vectors made once, and what is made of an exponential or a logarithm takes it as an
 * argument.
 */
final class VectorMath {
    private static final FloatVector ZERO = splat(0);
    private static final FloatVector ONE = splat(1);
    private static final FloatVector INFINITY = splat(Float.POSITIVE_INFINITY);
    private static final FloatVector LOG2_E = splat(ScalarMath.LOG2_E);
    private static final FloatVector ROUND = splat(ScalarMath.ROUND);
    private static final FloatVector MINUS_LN2_HIGH = splat(-ScalarMath.LN2_HIGH);
    private static final FloatVector MINUS_LN2_LOW = splat(-ScalarMath.LN2_LOW);
    private static final FloatVector LN2_HIGH = splat(ScalarMath.LN2_HIGH);
    private static final FloatVector LN2_LOW = splat(ScalarMath.LN2_LOW);
    private static final FloatVector LARGEST_EXPONENT = splat(ScalarMath.LARGEST_EXPONENT);
    private static final FloatVector SMALLEST_EXPONENT = splat(ScalarMath.SMALLEST_EXPONENT);
    private static final IntVector ROUND_BITS = ROUND.reinterpretAsInts();
    private static final IntVector BIAS = ints(127);

    private static final FloatVector EXP_5 = splat(1.9875691500E-4f);
    private static final FloatVector EXP_4 = splat(1.3981999507E-3f);
    private static final FloatVector EXP_3 = splat(8.3334519073E-3f);
    private static final FloatVector EXP_2 = splat(4.1665795894E-2f);
    private static final FloatVector EXP_1 = splat(1.6666665459E-1f);
    private static final FloatVector EXP_0 = splat(5.0000001201E-1f);

    private static final FloatVector TINY = splat(Float.MIN_NORMAL);
    private static final FloatVector TINY_SCALE = splat(0x1p25f);
    private static final FloatVector TINY_SHIFT = splat(25);
    private static final IntVector MANTISSA = ints(0x007fffff);
    private static final IntVector HALF_BITS = ints(0x3f000000);
    private static final IntVector HALF_EXPONENT = ints(126);
    private static final FloatVector SQRT_HALF = splat(ScalarMath.SQRT_HALF);
    private static final FloatVector MINUS_HALF = splat(-0.5f);

    private static final FloatVector LOG_8 = splat(7.0376836292E-2f);
    private static final FloatVector LOG_7 = splat(-1.1514610310E-1f);
    private static final FloatVector LOG_6 = splat(1.1676998740E-1f);
    private static final FloatVector LOG_5 = splat(-1.2420140846E-1f);
    private static final FloatVector LOG_4 = splat(1.4249322787E-1f);
    private static final FloatVector LOG_3 = splat(-1.6668057665E-1f);
    private static final FloatVector LOG_2 = splat(2.0000714765E-1f);
    private static final FloatVector LOG_1 = splat(-2.4999993993E-1f);
    private static final FloatVector LOG_0 = splat(3.3333331174E-1f);

    private static final FloatVector TANH_4 = splat(-5.70498872745E-3f);
    private static final FloatVector TANH_3 = splat(2.06390887954E-2f);
    private static final FloatVector TANH_2 = splat(-5.37397155531E-2f);
    private static final FloatVector TANH_1 = splat(1.33314422036E-1f);
    private static final FloatVector TANH_0 = splat(-3.33332819422E-1f);
    private static final FloatVector SMALL_TANH = splat(ScalarMath.SMALL_TANH);

    private VectorMath() {
    }

    /** e^x. Out of range the steps give rubbish, which is replaced at the end. */
    static FloatVector exp(FloatVector x) {
        FloatVector t = x.fma(LOG2_E, ROUND);
        FloatVector n = t.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
        FloatVector p = EXP_5.fma(r, EXP_4).fma(r, EXP_3).fma(r, EXP_2).fma(r, EXP_1).fma(r, EXP_0);
        p = p.fma(r.mul(r), r.add(ONE));
        IntVector power = t.reinterpretAsInts().sub(ROUND_BITS);
        IntVector half = power.lanewise(VectorOperators.ASHR, 1);
        FloatVector y = p.mul(powerOfTwo(half)).mul(powerOfTwo(power.sub(half)));
        y = y.blend(INFINITY, LARGEST_EXPONENT.lt(x));
        return y.blend(ZERO, x.lt(SMALLEST_EXPONENT));
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(BIAS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /** ln x for finite x > 0. */
    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.lt(TINY);
        IntVector bits = x.blend(x.mul(TINY_SCALE), tiny).reinterpretAsInts();
        FloatVector mantissa = bits.and(MANTISSA).or(HALF_BITS).reinterpretAsFloats();
        FloatVector e = (FloatVector) bits.lanewise(VectorOperators.LSHR, 23).sub(HALF_EXPONENT)
                .convert(VectorOperators.I2F, 0);
        e = e.blend(e.sub(TINY_SHIFT), tiny);
        VectorMask<Float> low = mantissa.lt(SQRT_HALF);
        e = e.blend(e.sub(ONE), low);
        FloatVector m = mantissa.blend(mantissa.add(mantissa), low).sub(ONE);
        FloatVector p = LOG_8.fma(m, LOG_7).fma(m, LOG_6).fma(m, LOG_5).fma(m, LOG_4).fma(m, LOG_3).fma(m, LOG_2)
                .fma(m, LOG_1).fma(m, LOG_0);
        FloatVector square = m.mul(m);
        FloatVector y = square.fma(MINUS_HALF, e.fma(LN2_LOW, p.mul(square).mul(m)));
        return e.fma(LN2_HIGH, m.add(y));
    }

    /** y = ln x, put right where x is negative, zero, infinite or NaN. */
    static FloatVector logLimits(FloatVector x, FloatVector y) {
        FloatVector result = y.blend(x, x.eq(INFINITY)).blend(INFINITY.neg(), x.eq(ZERO));
        return result.blend(Float.NaN, x.compare(VectorOperators.GE, ZERO).not());
    }

    /** tanh x, given e^(2 |x|). */
    static FloatVector tanh(FloatVector x, FloatVector e) {
        FloatVector large = ONE.sub(ONE.add(ONE).div(e.add(ONE)));
        large = large.blend(large.neg(), x.lt(ZERO));
        FloatVector square = x.mul(x);
        FloatVector p = TANH_4.fma(square, TANH_3).fma(square, TANH_2).fma(square, TANH_1).fma(square, TANH_0);
        FloatVector small = p.mul(square).fma(x, x);
        return large.blend(small, x.abs().lt(SMALL_TANH));
    }

    /**
     * ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), the logarithm corrected for what 1 + e loses (Kahan).
     *
     * @param e e^-|x|
     * @param logarithm ln(1 + e)
     */
    static FloatVector softplus(FloatVector x, FloatVector e, FloatVector logarithm) {
        FloatVector u = e.add(ONE);
        FloatVector corrected = logarithm.mul(e).div(u.sub(ONE));
        return x.max(ZERO).add(corrected.blend(e, u.eq(ONE)));
    }

    static FloatVector splat(float value) {
        return FloatVector.broadcast(VectorWidth.FLOATS, value);
    }

    private static IntVector ints(int value) {
        return IntVector.broadcast(VectorWidth.INTS, value);
    }
}
