package dev.halcyon.emulator.arithmetic;

/** The binary formats that are no wider than float32: every one of their numbers is a double. */
public enum FloatFormat {
    F16(11, 15), BF16(8, 127),
    /** As wide as float32 in exponent, as float16 in precision; kept in the upper bits of a float32. */
    TF32(11, 127), F32(24, 127);

    private final int precision;
    private final int mostExponent;
    private final double largest;

    FloatFormat(int precision, int mostExponent) {
        this.precision = precision;
        this.mostExponent = mostExponent;
        this.largest = (2 - powerOfTwo(1 - precision)) * powerOfTwo(mostExponent);
    }

    /** The largest finite number. */
    public double largest() {
        return largest;
    }

    /** The number of this format that {@code x} is rounded to, subnormal and infinite ones included. */
    public double round(double x, Rounding rounding) {
        if (x == 0 || !Double.isFinite(x)) {
            return x;
        }
        int unit = Math.max(Math.getExponent(x), 1 - mostExponent) - precision + 1;
        double rounded = rounding.integral(x * powerOfTwo(-unit)) * powerOfTwo(unit);
        return Math.abs(rounded) > largest ? overflow(x, rounding) : rounded;
    }

    private double overflow(double x, Rounding rounding) {
        boolean infinite = switch (rounding) {
            case NEAREST_EVEN, NEAREST_AWAY -> true;
            case ZERO -> false;
            case DOWN -> x < 0;
            case UP -> x > 0;
        };
        return Math.copySign(infinite ? Double.POSITIVE_INFINITY : largest, x);
    }

    /** 2 to the power of an exponent from -1022 to 1023. */
    private static double powerOfTwo(int exponent) {
        return Double.longBitsToDouble((long) (Double.MAX_EXPONENT + exponent) << 52);
    }
}
