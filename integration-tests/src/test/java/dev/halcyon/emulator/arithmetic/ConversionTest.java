package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code cvt} between every pair of types, in every rounding, against whole and decimal numbers of any size. */
final class ConversionTest {
    private static final List<Rounding> ROUNDINGS = List.of(Rounding.NEAREST_EVEN, Rounding.ZERO, Rounding.DOWN,
            Rounding.UP);
    private static final Map<NumberType, BigInteger> LEAST = new EnumMap<>(NumberType.class);
    private static final Map<NumberType, BigInteger> MOST = new EnumMap<>(NumberType.class);
    private static final int DRAWS = 100;

    static {
        integers().forEach(type -> {
            BigInteger half = BigInteger.TWO.pow(type.width() - 1);
            LEAST.put(type, type.isSigned() ? half.negate() : BigInteger.ZERO);
            MOST.put(type, (type.isSigned() ? half : half.shiftLeft(1)).subtract(BigInteger.ONE));
        });
    }

    private static Stream<NumberType> integers() {
        return Arrays.stream(NumberType.values()).filter(NumberType::isInteger);
    }

    private static Stream<NumberType> floats() {
        return Stream.of(NumberType.F16, NumberType.BF16, NumberType.F32, NumberType.F64);
    }

    private static long convert(NumberType to, NumberType from, Rounding rounding, long bits) {
        return new Conversion(to, from, rounding, false, false).apply(bits);
    }

    /** What bits stand for: the lower ones of the width, less 2^width if signed and the highest is set. */
    private static BigInteger whole(NumberType type, long bits) {
        BigInteger range = BigInteger.TWO.pow(type.width());
        BigInteger value = BigInteger.valueOf(bits).mod(range);
        return type.isSigned() && value.testBit(type.width() - 1) ? value.subtract(range) : value;
    }

    private static BigInteger clamped(NumberType type, BigInteger value) {
        return value.max(LEAST.get(type)).min(MOST.get(type));
    }

    private static double number(NumberType type, long bits) {
        return switch (type) {
            case F16 -> RoundedNumber.decodeF16(bits);
            case BF16 -> Float.intBitsToFloat((int) bits << 16);
            case F32 -> Float.intBitsToFloat((int) bits);
            default -> Double.longBitsToDouble(bits);
        };
    }

    private static RoundedNumber truth(NumberType type) {
        return switch (type) {
            case F16 -> RoundedNumber.F16;
            case BF16 -> RoundedNumber.BF16;
            case TF32 -> RoundedNumber.TF32;
            case F32 -> RoundedNumber.F32;
            default -> RoundedNumber.F64;
        };
    }

    /** Bit patterns of a type: for 16 bits all of them. */
    private static long[] operands(NumberType type) {
        return switch (type) {
            case F16, BF16 -> LongStream.range(0, 1 << 16).toArray();
            case F32 -> {
                float[] values = Edges.floats(2000);
                long[] bits = new long[values.length];
                Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
                yield bits;
            }
            default -> Arrays.stream(Edges.doubles(2000)).mapToLong(Double::doubleToRawLongBits).toArray();
        };
    }

    @ParameterizedTest
    @MethodSource("integers")
    void fromIntegersToIntegers(NumberType from) {
        for (long bits : Edges.longs(DRAWS)) {
            BigInteger value = whole(from, bits);
            integers().forEach(to -> {
                long wrapped = whole(to, value.longValue()).longValue();
                assertEquals(wrapped, convert(to, from, null, bits), () -> from + " " + value + " to " + to);
                long saturated = new Conversion(to, from, null, false, true).apply(bits);
                assertEquals(clamped(to, value).longValue(), saturated, () -> from + " " + value + " to " + to);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("integers")
    void fromIntegersToFloats(NumberType from) {
        for (long bits : Edges.longs(DRAWS)) {
            BigInteger value = whole(from, bits);
            ExactNumber exact = ExactNumber.of(new BigDecimal(value));
            floats().forEach(to -> {
                for (Rounding rounding : ROUNDINGS) {
                    double expected = value.signum() == 0 ? 0.0 : truth(to).of(exact, rounding);
                    assertEquals(expected, number(to, convert(to, from, rounding, bits)),
                            () -> from + " " + value + " to " + to + " " + rounding);
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("floats")
    void fromFloatsToIntegers(NumberType from) {
        for (long bits : operands(from)) {
            double x = number(from, bits);
            for (Rounding rounding : ROUNDINGS) {
                BigInteger rounded = Double.isFinite(x) ? whole(x, rounding) : null;
                integers().forEach(to -> assertEquals(integer(from, to, x, rounded),
                        convert(to, from, rounding, bits), () -> from + " " + x + " to " + to + " " + rounding));
            }
        }
    }

    private static BigInteger whole(double x, Rounding rounding) {
        RoundingMode mode = switch (rounding) {
            case NEAREST_EVEN -> RoundingMode.HALF_EVEN;
            case NEAREST_AWAY -> RoundingMode.HALF_UP;
            case ZERO -> RoundingMode.DOWN;
            case DOWN -> RoundingMode.FLOOR;
            case UP -> RoundingMode.CEILING;
        };
        return new BigDecimal(x).setScale(0, mode).toBigInteger();
    }

    /** Of NaN PTX says: zero, but the highest bit alone where the source is .f64 or the target has 64 bits. */
    private static long integer(NumberType from, NumberType to, double x, BigInteger rounded) {
        if (Double.isNaN(x)) {
            boolean isZero = from != NumberType.F64 && to.width() < 64;
            return isZero ? 0 : whole(to, 1L << to.width() - 1).longValue();
        }
        BigInteger huge = BigInteger.TWO.pow(70);
        BigInteger value = rounded != null ? rounded : x > 0 ? huge : huge.negate();
        return clamped(to, value).longValue();
    }

    @ParameterizedTest
    @MethodSource("floats")
    void toWholeNumbersOfTheSameType(NumberType type) {
        for (long bits : operands(type)) {
            double x = number(type, bits);
            for (Rounding rounding : ROUNDINGS) {
                double expected = Double.isFinite(x) ? Math.copySign(whole(x, rounding).doubleValue(), x) : x;
                assertEquals(expected, number(type, convert(type, type, rounding, bits)),
                        () -> type + " " + x + " " + rounding);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("floats")
    void fromFloatsToWiderFloats(NumberType from) {
        List<NumberType> wider = from == NumberType.F64
                ? List.of()
                : from == NumberType.F32 ? List.of(NumberType.F64) : List.of(NumberType.F32, NumberType.F64);
        for (long bits : operands(from)) {
            for (NumberType to : wider) {
                assertEquals(number(from, bits), number(to, convert(to, from, null, bits)));
            }
        }
    }

    @Test
    void fromFloatsToNarrowerFloats() {
        for (NumberType from : List.of(NumberType.F32, NumberType.F64)) {
            for (long bits : operands(from)) {
                for (NumberType to : List.of(NumberType.BF16, NumberType.F16, NumberType.TF32, NumberType.F32)) {
                    if (from != to) {
                        checkNarrowing(from, to, bits);
                    }
                }
            }
        }
    }

    private static void checkNarrowing(NumberType from, NumberType to, long bits) {
        double x = number(from, bits);
        for (Rounding rounding : Rounding.values()) {
            boolean isOrdinary = Double.isFinite(x) && x != 0;
            double expected = isOrdinary ? truth(to).of(ExactNumber.of(x), rounding) : x;
            long found = convert(to, from, rounding, bits);
            NumberType container = to == NumberType.TF32 ? NumberType.F32 : to;
            assertEquals(expected, number(container, found), () -> from + " " + x + " to " + to + " " + rounding);
        }
    }

    @Test
    void tf32OfFloat32() {
        for (long bits : operands(NumberType.F32)) {
            float x = Float.intBitsToFloat((int) bits);
            boolean isOrdinary = Float.isFinite(x) && x != 0;
            double expected = isOrdinary ? RoundedNumber.TF32.of(ExactNumber.of(x), Rounding.NEAREST_AWAY) : x;
            assertEquals((float) expected, Float32.tf32(x), () -> "of " + x);
        }
    }

    @Test
    void everyNanIsTheSame() {
        long nan = 0xffffffffffc1fe01L;
        assertEquals(0x7fff, convert(NumberType.F16, NumberType.F32, Rounding.NEAREST_EVEN, nan));
        assertEquals(0x7fff, convert(NumberType.BF16, NumberType.F32, Rounding.NEAREST_EVEN, nan));
        assertEquals(0x7fffffff, convert(NumberType.F32, NumberType.F16, null, nan));
        assertEquals(0x7fffffff, convert(NumberType.F32, NumberType.F64, Rounding.NEAREST_EVEN, nan));
        assertEquals(0x7ff8000000000000L, convert(NumberType.F64, NumberType.F32, null, nan));
    }

    private static float modified(float x, boolean flush, boolean saturate) {
        Conversion conversion = new Conversion(NumberType.F32, NumberType.F32, null, flush, saturate);
        return Float.intBitsToFloat((int) conversion.apply(Float.floatToRawIntBits(x)));
    }

    @Test
    void saturationClampsToZeroAndOne() {
        float[] given = {-2, -0f, 0.25f, 1.5f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN};
        float[] clamped = {0f, 0f, 0.25f, 1, 0f, 1, 0f};
        for (int i = 0; i < given.length; i++) {
            assertEquals(clamped[i], modified(given[i], false, true));
        }
        Conversion toF16 = new Conversion(NumberType.F16, NumberType.S32, Rounding.NEAREST_EVEN, false, true);
        assertEquals(0x3c00, toF16.apply(7));
        assertEquals(0, toF16.apply(-7));
    }

    @Test
    void subnormalNumbersAreFlushed() {
        float subnormal = -0x1p-130f;
        assertEquals(-0f, modified(subnormal, true, false));
        assertEquals(subnormal, modified(subnormal, false, false));
        Conversion up = new Conversion(NumberType.S32, NumberType.F32, Rounding.UP, true, false);
        assertEquals(0, up.apply(1), "the operand is flushed before it is rounded up");
        assertEquals(1, convert(NumberType.S32, NumberType.F32, Rounding.UP, 1));
        Conversion narrow = new Conversion(NumberType.F32, NumberType.F64, Rounding.NEAREST_EVEN, true, false);
        assertEquals(0x80000000L, narrow.apply(Double.doubleToRawLongBits(-0x1p-130)));
    }

    @Test
    void modifiersAndTypesByName() {
        assertEquals(Rounding.DOWN, Rounding.of("rmi"));
        assertEquals(Rounding.NEAREST_AWAY, Rounding.of("rna"));
        assertEquals(NumberType.BF16, NumberType.of("bf16"));
        assertEquals(NumberType.S64, NumberType.of("s64"));
    }
}
