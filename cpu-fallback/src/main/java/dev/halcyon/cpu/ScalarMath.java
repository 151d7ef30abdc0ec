package dev.halcyon.cpu;

/**
 * Exponentials and their relatives, one number at a time, by the same steps as their vector forms: an element has the
 * same bits whether a vector's lane computed it, the end of a row that fills no vector, or a machine without vectors.
 * Ranges and polynomials are those of Moshier's Cephes library (single precision); errors are within 3 units in the
 * last place.
 */
public final class ScalarMath {
    /** log2 e. */
    public static final float LOG2_E = 1.44269504088896341f;
    /** ln 2, its upper bits. */
    public static final float LN2_HIGH = 0.693359375f;
    /** ln 2, what the upper bits leave. */
    public static final float LN2_LOW = -2.12194440e-4f;
    /** Added to a small number, rounds it to a whole one, which then stands in the lowest bits. */
    public static final float ROUND = 12582912f;
    /** Above it e^x overflows. */
    public static final float LARGEST_EXPONENT = 88.72284f;
    /** Below it e^x is zero. */
    public static final float SMALLEST_EXPONENT = -103.97208f;
    /** sqrt(1/2). */
    public static final float SQRT_HALF = 0.707106781186547524f;
    /** Below it tanh is a polynomial. */
    public static final float SMALL_TANH = 0.625f;

    private ScalarMath() {
    }

    /** e^x. */
    public static float exp(float x) {
        if (x > LARGEST_EXPONENT) {
            return Float.POSITIVE_INFINITY;
        }
        if (x < SMALLEST_EXPONENT) {
            return 0;
        }
        float t = Math.fma(x, LOG2_E, ROUND);
        float n = t - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        float p = Math.fma(1.9875691500E-4f, r, 1.3981999507E-3f);
        p = Math.fma(p, r, 8.3334519073E-3f);
        p = Math.fma(p, r, 4.1665795894E-2f);
        p = Math.fma(p, r, 1.6666665459E-1f);
        p = Math.fma(p, r, 5.0000001201E-1f);
        p = Math.fma(p, r * r, r + 1);
        int power = Float.floatToRawIntBits(t) - Float.floatToRawIntBits(ROUND);
        int half = power >> 1;
        return p * powerOfTwo(half) * powerOfTwo(power - half);
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat(exponent + 127 << 23);
    }

    /** ln x: NaN below 0, -∞ at 0. */
    public static float log(float x) {
        if (!(x > 0) || x == Float.POSITIVE_INFINITY) {
            return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
        }
        boolean tiny = x < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(tiny ? x * 0x1p25f : x);
        float mantissa = Float.intBitsToFloat(bits & 0x007fffff | 0x3f000000);
        float e = (bits >>> 23) - (tiny ? 126 + 25 : 126);
        float m = mantissa - 1;
        if (mantissa < SQRT_HALF) {
            e -= 1;
            m = mantissa + mantissa - 1;
        }
        float square = m * m;
        float y = logPolynomial(m) * square * m;
        y = Math.fma(square, -0.5f, Math.fma(e, LN2_LOW, y));
        return Math.fma(e, LN2_HIGH, m + y);
    }

    private static float logPolynomial(float m) {
        float p = Math.fma(7.0376836292E-2f, m, -1.1514610310E-1f);
        p = Math.fma(p, m, 1.1676998740E-1f);
        p = Math.fma(p, m, -1.2420140846E-1f);
        p = Math.fma(p, m, 1.4249322787E-1f);
        p = Math.fma(p, m, -1.6668057665E-1f);
        p = Math.fma(p, m, 2.0000714765E-1f);
        p = Math.fma(p, m, -2.4999993993E-1f);
        return Math.fma(p, m, 3.3333331174E-1f);
    }

    /** tanh x. */
    public static float tanh(float x) {
        float magnitude = Math.abs(x);
        if (magnitude < SMALL_TANH) {
            float square = x * x;
            float p = Math.fma(-5.70498872745E-3f, square, 2.06390887954E-2f);
            p = Math.fma(p, square, -5.37397155531E-2f);
            p = Math.fma(p, square, 1.33314422036E-1f);
            p = Math.fma(p, square, -3.33332819422E-1f);
            return Math.fma(p * square, x, x);
        }
        float large = 1 - 2 / (exp(magnitude + magnitude) + 1);
        return x < 0 ? -large : large;
    }

    /** 1 / (1 + e^-x). */
    public static float sigmoid(float x) {
        return 1 / (exp(-x) + 1);
    }

    /** ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), the logarithm corrected for what 1 + e loses (Kahan). */
    public static float softplus(float x) {
        float e = exp(-Math.abs(x));
        float u = e + 1;
        return Math.max(x, 0) + (u == 1 ? e : log(u) * e / (u - 1));
    }
}
