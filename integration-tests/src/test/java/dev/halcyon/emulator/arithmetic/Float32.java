package dev.halcyon.emulator.arithmetic;

/** Arithmetic in float32, and the modifiers {@code .ftz} and {@code .sat}, which are methods of their own. */
public final class Float32 {
    /** The bits of every NaN that arithmetic makes. */
    public static final int NAN = 0x7fffffff;

    private static final int SIGN = 0x80000000;

    private Float32() {
    }

    /** The bits of a result: its own, or {@link #NAN}. */
    public static int bits(float result) {
        return result == result ? Float.floatToRawIntBits(result) : NAN;
    }

    /** {@code .ftz}, on operands and on the result: a subnormal number becomes a zero of its sign. */
    public static float flush(float x) {
        return Math.abs(x) < Float.MIN_NORMAL ? Math.copySign(0f, x) : x;
    }

    /** {@code .sat}: clamped to [+0, 1]; NaN becomes +0. */
    public static float saturate(float x) {
        return x > 0 ? Math.min(x, 1) : 0;
    }

    /** {@code cvt.rna.tf32.f32}: the nearest number of 11 bits, of two equally near ones that further from zero. */
    public static float tf32(float x) {
        return Float.isFinite(x) ? Float.intBitsToFloat(Float.floatToRawIntBits(x) + 0x1000 & ~0x1fff) : x;
    }

    /** {@code add.f32}. */
    public static float add(float a, float b, Rounding rounding) {
        return rounding == Rounding.NEAREST_EVEN ? a + b : round(Exact.sum(a, b, rounding), rounding);
    }

    /** {@code sub.f32}. */
    public static float sub(float a, float b, Rounding rounding) {
        return add(a, -b, rounding);
    }

    /** {@code mul.f32}. */
    public static float mul(float a, float b, Rounding rounding) {
        return rounding == Rounding.NEAREST_EVEN ? a * b : round((double) a * b, rounding);
    }

    /** {@code fma.f32} and {@code mad.f32}: a b + c, rounded once. */
    public static float fma(float a, float b, float c, Rounding rounding) {
        return rounding == Rounding.NEAREST_EVEN
                ? Math.fma(a, b, c)
                : round(Exact.sum((double) a * b, c, rounding), rounding);
    }

    /**
     * {@code div.f32} with a rounding; {@code div.full.f32} is taken as rounded to the nearest too. In double first: a
     * quotient that is no number of 25 bits differs from each of them by more than the rounding in double does, because
     * b times such a number has 49 bits; the same holds of roots.
     */
    public static float div(float a, float b, Rounding rounding) {
        return round((double) a / b, rounding);
    }

    /** {@code rcp.f32} with a rounding. */
    public static float rcp(float a, Rounding rounding) {
        return div(1, a, rounding);
    }

    /** {@code sqrt.f32} with a rounding. */
    public static float sqrt(float a, Rounding rounding) {
        return round(Math.sqrt(a), rounding);
    }

    /** {@code min.f32}: of a number and NaN the number; -0 is less than +0. */
    public static float min(float a, float b) {
        if (a != a) {
            return b;
        }
        return b != b ? a : Math.min(a, b);
    }

    /** {@code max.f32}: of a number and NaN the number; +0 is more than -0. */
    public static float max(float a, float b) {
        if (a != a) {
            return b;
        }
        return b != b ? a : Math.max(a, b);
    }

    /** {@code min.NaN.f32}: NaN if either is. */
    public static float minNan(float a, float b) {
        return Math.min(a, b);
    }

    /** {@code max.NaN.f32}: NaN if either is. */
    public static float maxNan(float a, float b) {
        return Math.max(a, b);
    }

    /** The result of {@code .xorsign.abs}: the least or most of the magnitudes, with the product's sign. */
    public static float xorSign(float chosenMagnitude, float a, float b) {
        int sign = (Float.floatToRawIntBits(a) ^ Float.floatToRawIntBits(b)) & SIGN;
        return Float.intBitsToFloat(Float.floatToRawIntBits(chosenMagnitude) & ~SIGN | sign);
    }

    /** {@code copysign.f32 d, a, b}: the sign of a, the magnitude of b (the other way round than in Java). */
    public static float copySign(float a, float b) {
        return Math.copySign(b, a);
    }

    private static float round(double exact, Rounding rounding) {
        return (float) FloatFormat.F32.round(exact, rounding);
    }
}
