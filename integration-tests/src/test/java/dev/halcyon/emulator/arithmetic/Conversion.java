package dev.halcyon.emulator.arithmetic;

/**
 * A {@code cvt} instruction between two types; packed ones are {@link Half#pair}.
 *
 * @param to the type of the result
 * @param from the type of the operand
 * @param rounding its rounding modifier, null where it has none. From a type to itself it rounds to whole numbers
 *            ({@code cvt.rni.f32.f32}).
 * @param flush {@code .ftz}: subnormal float32 operands and results become zero
 * @param saturate {@code .sat}: integers are clamped to the target's range, floating-point results to [0, 1]. From
 *            floating-point to integers results are clamped without it, too.
 */
public record Conversion(NumberType to, NumberType from, Rounding rounding, boolean flush, boolean saturate) {
    private static final double TWO_32 = 0x1p32;
    private static final double TWO_63 = 0x1p63;

    /**
     * Converts one value.
     *
     * @param bits the operand, in the lower bits of its width; what is above is ignored
     * @return the result: an integer extended to 64 bits as its type says, a floating-point number in the lower bits of
     *         its width, zeros above
     */
    public long apply(long bits) {
        if (from.isInteger()) {
            long value = from.extend(bits);
            return to.isInteger() ? integer(value) : floating(value);
        }
        double x = flushed(from, from.decode(bits));
        return to.isInteger() ? integer(x) : floating(x);
    }

    private long integer(long value) {
        if (!saturate) {
            return to.extend(value);
        }
        boolean aboveSigned = from == NumberType.U64 && value < 0;
        if (to == NumberType.U64) {
            return aboveSigned ? value : Math.max(value, 0);
        }
        return aboveSigned ? to.most() : Math.clamp(value, to.least(), to.most());
    }

    /** PTX: NaN gives zero, but the value with only the sign bit where either type has 64 bits. */
    private long integer(double x) {
        if (x != x) {
            boolean isWide = from == NumberType.F64 || to.width() == 64;
            return isWide ? to.extend(1L << to.width() - 1) : 0;
        }
        double whole = rounding.integral(x);
        if (to != NumberType.U64) {
            return Math.clamp((long) whole, to.least(), to.most());
        }
        if (whole < TWO_63) {
            return Math.max((long) whole, 0);
        }
        return whole < 2 * TWO_63 ? (long) (whole - TWO_63) + Long.MIN_VALUE : to.most();
    }

    private long floating(long value) {
        double high = (from.isSigned() ? value >> 32 : value >>> 32) * TWO_32;
        double low = value & 0xffffffffL;
        return finish(to.round(high, low, rounding));
    }

    private long floating(double x) {
        if (rounding == null || x == 0) {
            return finish(x);
        }
        return finish(from == to ? rounding.integral(x) : to.round(x, 0, rounding));
    }

    private long finish(double x) {
        double result = flushed(to, x);
        if (saturate) {
            result = result > 0 ? Math.min(result, 1) : 0;
        }
        return to.encode(result) & -1L >>> 64 - to.width();
    }

    private double flushed(NumberType type, double x) {
        boolean isSubnormal = type == NumberType.F32 && Math.abs(x) < Float.MIN_NORMAL;
        return flush && isSubnormal ? Math.copySign(0.0, x) : x;
    }
}
