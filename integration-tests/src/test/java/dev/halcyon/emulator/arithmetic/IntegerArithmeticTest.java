package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** Integer instructions against whole numbers of any size, on all pairs of corners. */
final class IntegerArithmeticTest {
    private static final int[] INTS = Edges.ints(40);
    private static final long[] LONGS = Edges.longs(20);
    private static final BigInteger TWO_32 = BigInteger.ONE.shiftLeft(32);
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    private static BigInteger signed(long a) {
        return BigInteger.valueOf(a);
    }

    private static BigInteger unsigned(int a) {
        return BigInteger.valueOf(a).mod(TWO_32);
    }

    private static BigInteger unsigned(long a) {
        return BigInteger.valueOf(a).mod(TWO_64);
    }

    private static int wrapped(BigInteger a) {
        return a.intValue();
    }

    @Test
    void productsOf32Bits() {
        for (int a : INTS) {
            for (int b : INTS) {
                BigInteger product = signed(a).multiply(signed(b));
                BigInteger unsignedProduct = unsigned(a).multiply(unsigned(b));
                assertEquals(wrapped(product.shiftRight(32)), IntegerArithmetic.mulHi(a, b));
                assertEquals(wrapped(unsignedProduct.shiftRight(32)), IntegerArithmetic.mulHiUnsigned(a, b));
                assertEquals(product.longValueExact(), IntegerArithmetic.mulWide(a, b));
                assertEquals(unsignedProduct.longValue(), IntegerArithmetic.mulWideUnsigned(a, b));
            }
        }
    }

    @Test
    void productsOf64Bits() {
        for (long a : LONGS) {
            for (long b : LONGS) {
                BigInteger product = signed(a).multiply(signed(b));
                BigInteger unsignedProduct = unsigned(a).multiply(unsigned(b));
                assertEquals(product.shiftRight(64).longValue(), IntegerArithmetic.mulHi(a, b));
                assertEquals(unsignedProduct.shiftRight(64).longValue(), IntegerArithmetic.mulHiUnsigned(a, b));
            }
        }
    }

    private static BigInteger signed24(int a) {
        BigInteger low = unsigned(a).mod(BigInteger.ONE.shiftLeft(24));
        return low.testBit(23) ? low.subtract(BigInteger.ONE.shiftLeft(24)) : low;
    }

    @Test
    void productsOf24Bits() {
        BigInteger range = BigInteger.ONE.shiftLeft(24);
        for (int a : INTS) {
            for (int b : INTS) {
                BigInteger product = signed24(a).multiply(signed24(b));
                BigInteger unsignedProduct = unsigned(a).mod(range).multiply(unsigned(b).mod(range));
                assertEquals(wrapped(product), IntegerArithmetic.mul24(a, b));
                assertEquals(wrapped(product.shiftRight(16)), IntegerArithmetic.mul24Hi(a, b));
                assertEquals(wrapped(unsignedProduct), IntegerArithmetic.mul24Unsigned(a, b));
                assertEquals(wrapped(unsignedProduct.shiftRight(16)), IntegerArithmetic.mul24HiUnsigned(a, b));
            }
        }
    }

    private static int saturated(BigInteger a) {
        return a.max(signed(Integer.MIN_VALUE)).min(signed(Integer.MAX_VALUE)).intValueExact();
    }

    @Test
    void saturatedSums() {
        for (int a : INTS) {
            for (int b : INTS) {
                assertEquals(saturated(signed(a).add(signed(b))), IntegerArithmetic.addSaturated(a, b));
                assertEquals(saturated(signed(a).subtract(signed(b))), IntegerArithmetic.subSaturated(a, b));
            }
        }
    }

    @Test
    void absoluteDifferences() {
        for (int a : INTS) {
            for (int b : INTS) {
                int c = a ^ 7 * b;
                BigInteger difference = signed(a).subtract(signed(b)).abs();
                BigInteger unsignedDifference = unsigned(a).subtract(unsigned(b)).abs();
                assertEquals(wrapped(difference.add(signed(c))), IntegerArithmetic.sad(a, b, c));
                assertEquals(wrapped(unsignedDifference.add(signed(c))), IntegerArithmetic.sadUnsigned(a, b, c));
            }
        }
        for (long a : LONGS) {
            for (long b : LONGS) {
                long c = a ^ 7 * b;
                BigInteger difference = signed(a).subtract(signed(b)).abs();
                BigInteger unsignedDifference = unsigned(a).subtract(unsigned(b)).abs();
                assertEquals(difference.add(signed(c)).longValue(), IntegerArithmetic.sad(a, b, c));
                assertEquals(unsignedDifference.add(signed(c)).longValue(), IntegerArithmetic.sadUnsigned(a, b, c));
            }
        }
    }

    @Test
    void quotientsOf32Bits() {
        for (int a : INTS) {
            for (int b : INTS) {
                boolean byZero = b == 0;
                int divisor = byZero ? 1 : b;
                BigInteger[] parts = signed(a).divideAndRemainder(signed(divisor));
                BigInteger[] unsignedParts = unsigned(a).divideAndRemainder(unsigned(divisor));
                assertEquals(byZero ? -1 : wrapped(parts[0]), IntegerArithmetic.div(a, b));
                assertEquals(byZero ? -1 : wrapped(parts[1]), IntegerArithmetic.rem(a, b));
                assertEquals(byZero ? -1 : wrapped(unsignedParts[0]), IntegerArithmetic.divUnsigned(a, b));
                assertEquals(byZero ? -1 : wrapped(unsignedParts[1]), IntegerArithmetic.remUnsigned(a, b));
            }
        }
    }

    @Test
    void quotientsOf64Bits() {
        for (long a : LONGS) {
            for (long b : LONGS) {
                boolean byZero = b == 0;
                long divisor = byZero ? 1 : b;
                BigInteger[] parts = signed(a).divideAndRemainder(signed(divisor));
                BigInteger[] unsignedParts = unsigned(a).divideAndRemainder(unsigned(divisor));
                assertEquals(byZero ? -1 : parts[0].longValue(), IntegerArithmetic.div(a, b));
                assertEquals(byZero ? -1 : parts[1].longValue(), IntegerArithmetic.rem(a, b));
                assertEquals(byZero ? -1 : unsignedParts[0].longValue(), IntegerArithmetic.divUnsigned(a, b));
                assertEquals(byZero ? -1 : unsignedParts[1].longValue(), IntegerArithmetic.remUnsigned(a, b));
            }
        }
    }

    @Test
    void leastAndMost() {
        for (int a : INTS) {
            for (int b : INTS) {
                assertEquals(wrapped(unsigned(a).min(unsigned(b))), IntegerArithmetic.minUnsigned(a, b));
                assertEquals(wrapped(unsigned(a).max(unsigned(b))), IntegerArithmetic.maxUnsigned(a, b));
            }
        }
        for (long a : LONGS) {
            for (long b : LONGS) {
                assertEquals(unsigned(a).min(unsigned(b)).longValue(), IntegerArithmetic.minUnsigned(a, b));
                assertEquals(unsigned(a).max(unsigned(b)).longValue(), IntegerArithmetic.maxUnsigned(a, b));
            }
        }
    }

    @Test
    void dotProducts() {
        for (int a : INTS) {
            for (int b : INTS) {
                int c = b ^ 0x12345678;
                for (int signs = 0; signs < 4; signs++) {
                    boolean aSigned = (signs & 1) != 0;
                    boolean bSigned = (signs & 2) != 0;
                    long four = c;
                    for (int i = 0; i < 4; i++) {
                        four += field(a, i, 8, aSigned) * field(b, i, 8, bSigned);
                    }
                    assertEquals((int) four, DotProducts.dp4a(a, aSigned, b, bSigned, c));
                    long low = c + field(a, 0, 16, aSigned) * field(b, 0, 8, bSigned)
                            + field(a, 1, 16, aSigned) * field(b, 1, 8, bSigned);
                    long high = c + field(a, 0, 16, aSigned) * field(b, 2, 8, bSigned)
                            + field(a, 1, 16, aSigned) * field(b, 3, 8, bSigned);
                    assertEquals((int) low, DotProducts.dp2aLow(a, aSigned, b, bSigned, c));
                    assertEquals((int) high, DotProducts.dp2aHigh(a, aSigned, b, bSigned, c));
                }
            }
        }
    }

    private static long field(int packed, int number, int width, boolean isSigned) {
        BigInteger field = unsigned(packed).shiftRight(number * width).mod(BigInteger.ONE.shiftLeft(width));
        boolean isNegative = isSigned && field.testBit(width - 1);
        return (isNegative ? field.subtract(BigInteger.ONE.shiftLeft(width)) : field).longValueExact();
    }
}
