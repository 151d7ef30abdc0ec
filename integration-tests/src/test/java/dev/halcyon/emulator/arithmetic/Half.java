package dev.halcyon.emulator.arithmetic;

import java.util.function.IntBinaryOperator;

/**
 * The two formats of 16 bits, and arithmetic in them. Numbers are bit patterns in the lower half of an int, whose upper
 * half is zero in results and ignored in operands; packed pairs ({@code .f16x2}, {@code .bf16x2}) fill the int.
 */
public enum Half {
    /** {@code .f16}: float16 of IEEE 754. */
    F16(FloatFormat.F16, 0x7c00, 0x3c00) {
        @Override
        public float toFloat(int bits) {
            return Float.float16ToFloat((short) bits);
        }

        @Override
        public int of(float x) {
            return x != x ? NAN : encode(x);
        }

        @Override
        int encode(float exact) {
            return Float.floatToFloat16(exact) & MASK;
        }
    },
    /** {@code .bf16}: the upper half of a float32. */
    BF16(FloatFormat.BF16, 0x7f80, 0x3f80) {
        @Override
        public float toFloat(int bits) {
            return Float.intBitsToFloat(bits << 16);
        }

        @Override
        public int of(float x) {
            int bits = Float.floatToRawIntBits(x);
            int justBelowHalf = 0x7fff + (bits >>> 16 & 1);
            return x != x ? NAN : bits + justBelowHalf >>> 16;
        }

        @Override
        int encode(float exact) {
            return Float.floatToRawIntBits(exact) >>> 16;
        }
    };

    /** The bits of every NaN that arithmetic and conversion make. */
    public static final int NAN = 0x7fff;

    private static final int MASK = 0xffff;
    private static final int SIGN = 0x8000;

    private final FloatFormat format;
    private final int infinity;
    private final int one;

    Half(FloatFormat format, int infinity, int one) {
        this.format = format;
        this.infinity = infinity;
        this.one = one;
    }

    /** The number that the lower 16 bits stand for: every one of both formats is a float32. */
    public abstract float toFloat(int bits);

    /** The bits of a number of this format. */
    abstract int encode(float exact);

    /** The bits of a number rounded to the nearest of this format: {@code cvt.rn.f16.f32}, {@code cvt.rn.bf16.f32}. */
    public abstract int of(float x);

    /** The bits of a number rounded to this format: {@code cvt.rz.f16.f32} and so on. */
    public int of(double x, Rounding rounding) {
        return x != x ? NAN : encode((float) format.round(x, rounding));
    }

    /** {@code cvt.f16x2.f32 d, a, b} and {@code cvt.bf16x2.f32}: a in the upper half, b in the lower. */
    public int pair(float a, float b, Rounding rounding) {
        return of(a, rounding) << 16 | of(b, rounding);
    }

    /** {@code add}, to the nearest. */
    public int add(int a, int b) {
        return nearest(Exact.sum(toFloat(a), toFloat(b)));
    }

    /** {@code sub}, to the nearest. */
    public int sub(int a, int b) {
        return nearest(Exact.sum(toFloat(a), -toFloat(b)));
    }

    /** {@code mul}, to the nearest. */
    public int mul(int a, int b) {
        return nearest((double) toFloat(a) * toFloat(b));
    }

    /** {@code fma}, to the nearest, rounded once. */
    public int fma(int a, int b, int c) {
        return nearest(Exact.sum((double) toFloat(a) * toFloat(b), toFloat(c)));
    }

    /** {@code min}: of a number and NaN the number; -0 is less than +0. */
    public int min(int a, int b) {
        return nearest(Float32.min(toFloat(a), toFloat(b)));
    }

    /** {@code max}: of a number and NaN the number; +0 is more than -0. */
    public int max(int a, int b) {
        return nearest(Float32.max(toFloat(a), toFloat(b)));
    }

    /** {@code min.NaN}: NaN if either is. */
    public int minNan(int a, int b) {
        return nearest(Math.min(toFloat(a), toFloat(b)));
    }

    /** {@code max.NaN}: NaN if either is. */
    public int maxNan(int a, int b) {
        return nearest(Math.max(toFloat(a), toFloat(b)));
    }

    /** {@code abs}. */
    public int abs(int a) {
        return isNan(a) ? NAN : a & MASK & ~SIGN;
    }

    /** {@code neg}. */
    public int neg(int a) {
        return isNan(a) ? NAN : a & MASK ^ SIGN;
    }

    /** {@code ex2.approx}: 2^a, rounded to the nearest. */
    public int ex2(int a) {
        return nearest(Math.pow(2, toFloat(a)));
    }

    /** {@code tanh.approx}, rounded to the nearest. */
    public int tanh(int a) {
        return nearest(Math.tanh(toFloat(a)));
    }

    /** {@code .ftz}, on operands and on the result: a subnormal number becomes a zero of its sign. */
    public int flush(int a) {
        return (a & infinity) == 0 ? a & SIGN : a & MASK;
    }

    /** {@code .sat}: clamped to [+0, 1]; NaN becomes +0. */
    public int saturate(int a) {
        boolean belowOrNan = isNan(a) || (a & SIGN) != 0;
        return belowOrNan ? 0 : Math.min(a & MASK, one);
    }

    /** {@code .relu}: what is negative becomes +0; NaN stays. */
    public int relu(int a) {
        if (isNan(a)) {
            return NAN;
        }
        return (a & SIGN) != 0 ? 0 : a & MASK;
    }

    /** Whether the lower 16 bits are NaN. */
    public boolean isNan(int a) {
        return (a & ~SIGN & MASK) > infinity;
    }

    /** A packed instruction of two operands: the operation on the lower halves and on the upper ones. */
    public static int both(int a, int b, IntBinaryOperator operation) {
        return operation.applyAsInt(a >>> 16, b >>> 16) << 16 | operation.applyAsInt(a & MASK, b & MASK);
    }

    /** {@code fma} on packed pairs. */
    public int fmaBoth(int a, int b, int c) {
        return fma(a >>> 16, b >>> 16, c >>> 16) << 16 | fma(a, b, c);
    }

    private int nearest(double x) {
        return of(x, Rounding.NEAREST_EVEN);
    }
}
