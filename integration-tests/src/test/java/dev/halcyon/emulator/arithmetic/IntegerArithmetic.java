package dev.halcyon.emulator.arithmetic;

/**
 * Integer instructions that no operator of Java is. Types are told by the parameters: int for {@code .s32} and
 * {@code .u32}, long for {@code .s64} and {@code .u64}; methods for unsigned types say so.
 * <p>
 * Division by zero gives what PTX leaves open; here all bits are set in quotient and remainder, as in the code that
 * ptxas writes.
 */
public final class IntegerArithmetic {
    private IntegerArithmetic() {
    }

    /** {@code mul.hi.s32}: the upper half of the product. */
    public static int mulHi(int a, int b) {
        return (int) ((long) a * b >> 32);
    }

    /** {@code mul.hi.u32}. */
    public static int mulHiUnsigned(int a, int b) {
        return (int) (wide(a) * wide(b) >>> 32);
    }

    /** {@code mul.hi.s64}. */
    public static long mulHi(long a, long b) {
        return Math.multiplyHigh(a, b);
    }

    /** {@code mul.hi.u64}. */
    public static long mulHiUnsigned(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b);
    }

    /** {@code mul.wide.s32}. */
    public static long mulWide(int a, int b) {
        return (long) a * b;
    }

    /** {@code mul.wide.u32}. */
    public static long mulWideUnsigned(int a, int b) {
        return wide(a) * wide(b);
    }

    /** {@code mul24.lo.s32}: the lower 32 of the 48 bits of a product of 24-bit numbers. */
    public static int mul24(int a, int b) {
        return (int) product24(a, b);
    }

    /** {@code mul24.hi.s32}: the upper 32 of the 48 bits. */
    public static int mul24Hi(int a, int b) {
        return (int) (product24(a, b) >> 16);
    }

    /** {@code mul24.lo.u32}. */
    public static int mul24Unsigned(int a, int b) {
        return (int) unsignedProduct24(a, b);
    }

    /** {@code mul24.hi.u32}. */
    public static int mul24HiUnsigned(int a, int b) {
        return (int) (unsignedProduct24(a, b) >>> 16);
    }

    private static long product24(int a, int b) {
        return (long) (a << 8 >> 8) * (b << 8 >> 8);
    }

    private static long unsignedProduct24(int a, int b) {
        return (a & 0xffffffL) * (b & 0xffffffL);
    }

    /** {@code add.sat.s32}, and with it {@code mad.hi.sat.s32} and {@code mad24.hi.sat.s32}: clamped, not wrapped. */
    public static int addSaturated(int a, int b) {
        return Math.clamp((long) a + b, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** {@code sub.sat.s32}. */
    public static int subSaturated(int a, int b) {
        return Math.clamp((long) a - b, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** {@code sad.s32}: c + |a - b|. */
    public static int sad(int a, int b, int c) {
        return c + (a < b ? b - a : a - b);
    }

    /** {@code sad.u32}. */
    public static int sadUnsigned(int a, int b, int c) {
        return c + (Integer.compareUnsigned(a, b) < 0 ? b - a : a - b);
    }

    /** {@code sad.s64}. */
    public static long sad(long a, long b, long c) {
        return c + (a < b ? b - a : a - b);
    }

    /** {@code sad.u64}. */
    public static long sadUnsigned(long a, long b, long c) {
        return c + (Long.compareUnsigned(a, b) < 0 ? b - a : a - b);
    }

    /** {@code div.s32}. */
    public static int div(int a, int b) {
        return b == 0 ? -1 : a / b;
    }

    /** {@code div.u32}. */
    public static int divUnsigned(int a, int b) {
        return b == 0 ? -1 : Integer.divideUnsigned(a, b);
    }

    /** {@code div.s64}. */
    public static long div(long a, long b) {
        return b == 0 ? -1 : a / b;
    }

    /** {@code div.u64}. */
    public static long divUnsigned(long a, long b) {
        return b == 0 ? -1 : Long.divideUnsigned(a, b);
    }

    /** {@code rem.s32}: of the sign of a. */
    public static int rem(int a, int b) {
        return b == 0 ? -1 : a % b;
    }

    /** {@code rem.u32}. */
    public static int remUnsigned(int a, int b) {
        return b == 0 ? -1 : Integer.remainderUnsigned(a, b);
    }

    /** {@code rem.s64}: of the sign of a. */
    public static long rem(long a, long b) {
        return b == 0 ? -1 : a % b;
    }

    /** {@code rem.u64}. */
    public static long remUnsigned(long a, long b) {
        return b == 0 ? -1 : Long.remainderUnsigned(a, b);
    }

    /** {@code min.u32}. */
    public static int minUnsigned(int a, int b) {
        return Integer.compareUnsigned(a, b) < 0 ? a : b;
    }

    /** {@code max.u32}. */
    public static int maxUnsigned(int a, int b) {
        return Integer.compareUnsigned(a, b) < 0 ? b : a;
    }

    /** {@code min.u64}. */
    public static long minUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    /** {@code max.u64}. */
    public static long maxUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? b : a;
    }

    private static long wide(int a) {
        return Integer.toUnsignedLong(a);
    }
}
