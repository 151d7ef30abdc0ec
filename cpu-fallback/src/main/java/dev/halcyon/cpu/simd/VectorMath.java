package dev.halcyon.cpu.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponentials and their relatives, of operations that round the same way in the interpreter and in compiled code. The
 * ranges and polynomials are those of Moshier's Cephes library (single precision); errors are within 3 units in the
 * last place, and results below the normal range are zero.
 */
final class VectorMath {
    private static final float LOG2_E = 1.44269504088896341f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUND = 12582912f;
    private static final float LARGEST_EXPONENT = 88.72284f;
    private static final float SMALLEST_EXPONENT = -87.33654f;
    private static final float SQRT_HALF = 0.707106781186547524f;
    private static final float SMALL_TANH = 0.625f;

    private VectorMath() {
    }

    /** e^x. */
    static FloatVector exp(FloatVector x) {
        FloatVector t = x.min(LARGEST_EXPONENT).max(SMALLEST_EXPONENT).mul(LOG2_E).add(ROUND);
        FloatVector n = t.sub(ROUND);
        FloatVector r = n.fma(splat(-LN2_HIGH), x.min(LARGEST_EXPONENT).max(SMALLEST_EXPONENT));
        r = n.fma(splat(-LN2_LOW), r);
        FloatVector p = splat(1.9875691500E-4f).fma(r, splat(1.3981999507E-3f));
        p = p.fma(r, splat(8.3334519073E-3f)).fma(r, splat(4.1665795894E-2f));
        p = p.fma(r, splat(1.6666665459E-1f)).fma(r, splat(5.0000001201E-1f));
        p = p.fma(r.mul(r), r.add(1));
        IntVector power = t.reinterpretAsInts().sub(Float.floatToRawIntBits(ROUND));
        IntVector half = power.lanewise(VectorOperators.ASHR, 1);
        FloatVector y = p.mul(powerOfTwo(half)).mul(powerOfTwo(power.sub(half)));
        y = y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, LARGEST_EXPONENT));
        y = y.blend(0, x.compare(VectorOperators.LT, SMALLEST_EXPONENT));
        return y.blend(x, x.test(VectorOperators.IS_NAN));
    }

    /** ln x: NaN below 0, -∞ at 0. */
    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        IntVector bits = x.blend(x.mul(0x1p25f), tiny).reinterpretAsInts();
        FloatVector mantissa = bits.and(0x007fffff).or(0x3f000000).reinterpretAsFloats();
        FloatVector e = (FloatVector) bits.lanewise(VectorOperators.LSHR, 23).sub(126)
                .convert(VectorOperators.I2F, 0);
        e = e.blend(e.sub(25), tiny);
        VectorMask<Float> low = mantissa.compare(VectorOperators.LT, SQRT_HALF);
        e = e.blend(e.sub(1), low);
        FloatVector m = mantissa.blend(mantissa.add(mantissa), low).sub(1);
        FloatVector p = logPolynomial(m);
        FloatVector square = m.mul(m);
        FloatVector y = p.mul(square).mul(m);
        y = e.fma(splat(LN2_LOW), y);
        y = square.fma(splat(-0.5f), y);
        FloatVector result = e.fma(splat(LN2_HIGH), m.add(y));
        result = result.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        result = result.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
        return result.blend(Float.NaN, x.compare(VectorOperators.GE, 0).not());
    }

    private static FloatVector logPolynomial(FloatVector m) {
        FloatVector p = splat(7.0376836292E-2f).fma(m, splat(-1.1514610310E-1f));
        p = p.fma(m, splat(1.1676998740E-1f)).fma(m, splat(-1.2420140846E-1f));
        p = p.fma(m, splat(1.4249322787E-1f)).fma(m, splat(-1.6668057665E-1f));
        p = p.fma(m, splat(2.0000714765E-1f)).fma(m, splat(-2.4999993993E-1f));
        return p.fma(m, splat(3.3333331174E-1f));
    }

    /** tanh x. */
    static FloatVector tanh(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector square = x.mul(x);
        FloatVector p = splat(-5.70498872745E-3f).fma(square, splat(2.06390887954E-2f));
        p = p.fma(square, splat(-5.37397155531E-2f)).fma(square, splat(1.33314422036E-1f));
        p = p.fma(square, splat(-3.33332819422E-1f));
        FloatVector small = p.mul(square).fma(x, x);
        FloatVector large = splat(1).sub(splat(2).div(exp(magnitude.add(magnitude)).add(1)));
        large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0));
        FloatVector y = large.blend(small, magnitude.compare(VectorOperators.LT, SMALL_TANH));
        return y.blend(x, x.test(VectorOperators.IS_NAN));
    }

    /** 1 / (1 + e^-x). */
    static FloatVector sigmoid(FloatVector x) {
        return splat(1).div(exp(x.neg()).add(1));
    }

    /** ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), the logarithm corrected for what 1 + e loses (Kahan). */
    static FloatVector softplus(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        FloatVector u = e.add(1);
        FloatVector corrected = log(u).mul(e).div(u.sub(1));
        FloatVector log1p = corrected.blend(e, u.compare(VectorOperators.EQ, 1));
        FloatVector y = x.max(0).add(log1p);
        return y.blend(x, x.test(VectorOperators.IS_NAN));
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    static FloatVector splat(float value) {
        return FloatVector.broadcast(VectorWidth.FLOATS, value);
    }
}
