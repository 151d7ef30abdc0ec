package dev.halcyon.emulator.arithmetic;

import java.util.Locale;

/** The types between which {@code cvt} converts. */
public enum NumberType {
    U8(8, false), U16(16, false), U32(32, false), U64(64, false), //
    S8(8, true), S16(16, true), S32(32, true), S64(64, true), //
    F16(16), BF16(16),
    /** Only ever the target. */
    TF32(32), F32(32), F64(64);

    private final int width;
    private final boolean isInteger;
    private final boolean isSigned;

    NumberType(int width, boolean isSigned) {
        this.width = width;
        this.isInteger = true;
        this.isSigned = isSigned;
    }

    NumberType(int width) {
        this.width = width;
        this.isInteger = false;
        this.isSigned = true;
    }

    /**
     * The type that a suffix of an instruction names.
     *
     * @param suffix without its dot, as {@code s32}
     * @throws IllegalArgumentException if it names none of these
     */
    public static NumberType of(String suffix) {
        return valueOf(suffix.toUpperCase(Locale.ROOT));
    }

    /** Bits of a value. */
    public int width() {
        return width;
    }

    /** Whether it is one of the integer types. */
    public boolean isInteger() {
        return isInteger;
    }

    /** Whether it has negative values. */
    public boolean isSigned() {
        return isSigned;
    }

    /** Bits of an integer type, extended to 64 by its sign, or by zeros if it has none. */
    long extend(long bits) {
        int unused = 64 - width;
        return isSigned ? bits << unused >> unused : bits << unused >>> unused;
    }

    /** The least value of an integer type. */
    long least() {
        return isSigned ? Long.MIN_VALUE >> 64 - width : 0;
    }

    /** The largest value of an integer type; of {@link #U64} its bits. */
    long most() {
        return isSigned ? Long.MAX_VALUE >>> 64 - width : -1L >>> 64 - width;
    }

    /** The number that the bits of a floating-point type stand for. */
    double decode(long bits) {
        return switch (this) {
            case F16 -> Half.F16.toFloat((int) bits);
            case BF16 -> Half.BF16.toFloat((int) bits);
            case TF32, F32 -> Float.intBitsToFloat((int) bits);
            case F64 -> Double.longBitsToDouble(bits);
            default -> throw new IllegalStateException(this + " is no floating-point type");
        };
    }

    /** The bits of a number of a floating-point type; one NaN for all. */
    long encode(double x) {
        return switch (this) {
            case F16 -> x != x ? Half.NAN : Half.F16.encode((float) x);
            case BF16 -> x != x ? Half.NAN : Half.BF16.encode((float) x);
            case TF32, F32 -> Float32.bits((float) x);
            case F64 -> Double.doubleToLongBits(x);
            default -> throw new IllegalStateException(this + " is no floating-point type");
        };
    }

    /** The number of this floating-point type that the sum of two numbers is rounded to. */
    double round(double a, double b, Rounding rounding) {
        return switch (this) {
            case F16 -> FloatFormat.F16.round(Exact.sum(a, b), rounding);
            case BF16 -> FloatFormat.BF16.round(Exact.sum(a, b), rounding);
            case TF32 -> FloatFormat.TF32.round(Exact.sum(a, b), rounding);
            case F32 -> FloatFormat.F32.round(Exact.sum(a, b), rounding);
            case F64 -> Float64.add(a, b, rounding);
            default -> throw new IllegalStateException(this + " is no floating-point type");
        };
    }
}
