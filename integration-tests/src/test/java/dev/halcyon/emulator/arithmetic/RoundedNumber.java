package dev.halcyon.emulator.arithmetic;

import java.math.BigDecimal;
import java.util.function.LongToDoubleFunction;

/**
 * What an exact number has to be rounded to, found without arithmetic: the numbers of a format that are not negative are
 * in the order of their bit patterns, so the neighbours of a number are found by bisection.
 *
 * @param largest the bit pattern of the largest finite number
 * @param value the number of a bit pattern
 */
record RoundedNumber(long largest, LongToDoubleFunction value) {
    static final RoundedNumber F16 = new RoundedNumber(0x7bff, RoundedNumber::decodeF16);
    static final RoundedNumber BF16 = new RoundedNumber(0x7f7f, bits -> decodeF32(bits << 16));
    static final RoundedNumber TF32 = new RoundedNumber(0x3fbff, bits -> decodeF32(bits << 13));
    static final RoundedNumber F32 = new RoundedNumber(0x7f7fffff, RoundedNumber::decodeF32);
    static final RoundedNumber F64 = new RoundedNumber(0x7fefffffffffffffL, Double::longBitsToDouble);

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    /** From the definition of the format: sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
    static double decodeF16(long bits) {
        int exponent = (int) (bits >> 10 & 31);
        long fraction = bits & 1023;
        double magnitude = switch (exponent) {
            case 0 -> Math.scalb((double) fraction, -24);
            case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Math.scalb((double) (1024 + fraction), exponent - 25);
        };
        return (bits & 0x8000) != 0 ? -magnitude : magnitude;
    }

    private static double decodeF32(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    /**
     * The right result.
     *
     * @param exact not zero
     */
    double of(ExactNumber exact, Rounding rounding) {
        boolean isNegative = exact.compareTo(BigDecimal.ZERO) < 0;
        ExactNumber magnitude = isNegative ? x -> -exact.compareTo(x.negate()) : exact;
        long below = largestNotAbove(magnitude);
        boolean isExact = magnitude.compareTo(decimal(below)) == 0;
        boolean goesUp = !isExact && switch (rounding) {
            case NEAREST_EVEN -> compareWithMiddle(magnitude, below) > (below % 2 == 0 ? 0 : -1);
            case NEAREST_AWAY -> compareWithMiddle(magnitude, below) >= 0;
            case ZERO -> false;
            case DOWN -> isNegative;
            case UP -> !isNegative;
        };
        double rounded = goesUp ? above(below) : value.applyAsDouble(below);
        return isNegative ? -rounded : rounded;
    }

    private long largestNotAbove(ExactNumber magnitude) {
        long low = 0;
        long high = largest;
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (magnitude.compareTo(decimal(middle)) < 0) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private double above(long bits) {
        return bits == largest ? Double.POSITIVE_INFINITY : value.applyAsDouble(bits + 1);
    }

    /** The next number after the largest would be as far above it as the one before it is below. */
    private int compareWithMiddle(ExactNumber magnitude, long below) {
        BigDecimal step = below == largest
                ? decimal(below).subtract(decimal(below - 1))
                : decimal(below + 1).subtract(decimal(below));
        return magnitude.compareTo(decimal(below).add(step.divide(TWO)));
    }

    private BigDecimal decimal(long bits) {
        return new BigDecimal(value.applyAsDouble(bits));
    }
}
