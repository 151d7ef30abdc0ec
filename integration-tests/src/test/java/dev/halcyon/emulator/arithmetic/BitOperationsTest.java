package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** Shifts against whole numbers of any size; fields, searches and logic bit by bit, as the ISA's pseudocode has them. */
final class BitOperationsTest {
    private static final int[] INTS = Edges.ints(20);
    private static final long[] LONGS = Edges.longs(20);
    private static final int[] AMOUNTS = {0, 1, 7, 8, 24, 31, 32, 33, 40, 63, 64, 65, 127, 128, 255, 256, 287, 1 << 20,
        Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -32};

    private static int clampedAmount(int amount) {
        return (int) Math.min(Integer.toUnsignedLong(amount), 200);
    }

    private static BigInteger unsigned(long a, int width) {
        return BigInteger.valueOf(a).mod(BigInteger.ONE.shiftLeft(width));
    }

    @Test
    void shifts() {
        for (int amount : AMOUNTS) {
            int places = clampedAmount(amount);
            for (int a : INTS) {
                assertEquals(BigInteger.valueOf(a).shiftLeft(places).intValue(), BitOperations.shl(a, amount));
                assertEquals(BigInteger.valueOf(a).shiftRight(places).intValue(), BitOperations.shr(a, amount));
                assertEquals(unsigned(a, 32).shiftRight(places).intValue(), BitOperations.shrUnsigned(a, amount));
            }
            for (long a : LONGS) {
                assertEquals(BigInteger.valueOf(a).shiftLeft(places).longValue(), BitOperations.shl(a, amount));
                assertEquals(BigInteger.valueOf(a).shiftRight(places).longValue(), BitOperations.shr(a, amount));
                assertEquals(unsigned(a, 64).shiftRight(places).longValue(), BitOperations.shrUnsigned(a, amount));
            }
        }
    }

    @Test
    void funnelShifts() {
        for (int amount : AMOUNTS) {
            int wrapped = BigInteger.valueOf(amount).mod(BigInteger.valueOf(32)).intValue();
            int clamped = Math.min(clampedAmount(amount), 32);
            for (int a : INTS) {
                for (int b : INTS) {
                    BigInteger joined = unsigned(b, 32).shiftLeft(32).add(unsigned(a, 32));
                    assertEquals(joined.shiftLeft(wrapped).shiftRight(32).intValue(),
                            BitOperations.funnelLeftWrap(a, b, amount));
                    assertEquals(joined.shiftLeft(clamped).shiftRight(32).intValue(),
                            BitOperations.funnelLeftClamp(a, b, amount));
                    assertEquals(joined.shiftRight(wrapped).intValue(), BitOperations.funnelRightWrap(a, b, amount));
                    assertEquals(joined.shiftRight(clamped).intValue(), BitOperations.funnelRightClamp(a, b, amount));
                }
            }
        }
    }

    /** The pseudocode of bfe. */
    private static long extracted(long a, int width, int position, int length, boolean isSigned) {
        int last = width - 1;
        int first = position & 0xff;
        int bits = length & 0xff;
        boolean fill = isSigned && bits > 0 && bit(a, Math.min(first + bits - 1, last));
        BigInteger result = BigInteger.ZERO;
        for (int i = 0; i <= last; i++) {
            boolean isInside = i < bits && first + i <= last;
            if (isInside ? bit(a, first + i) : fill) {
                result = result.setBit(i);
            }
        }
        return result.longValue();
    }

    /** The pseudocode of bfi. */
    private static long inserted(long a, long b, int width, int position, int length) {
        BigInteger result = unsigned(b, width);
        int first = position & 0xff;
        for (int i = 0; i < (length & 0xff) && first + i < width; i++) {
            result = bit(a, i) ? result.setBit(first + i) : result.clearBit(first + i);
        }
        return result.longValue();
    }

    private static boolean bit(long a, int number) {
        return BigInteger.valueOf(a).testBit(number);
    }

    @Test
    void fieldsAreExtracted() {
        for (int position : AMOUNTS) {
            for (int length : AMOUNTS) {
                for (int a : new int[] {0, -1, 0x80000000, 0x7fffffff, 0xdeadbeef, 0x12345678}) {
                    assertEquals((int) extracted(a, 32, position, length, false),
                            BitOperations.extract(a, position, length));
                    assertEquals((int) extracted(a, 32, position, length, true),
                            BitOperations.extractSigned(a, position, length));
                }
                for (long a : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x123456789abcdef0L}) {
                    assertEquals(extracted(a, 64, position, length, false), BitOperations.extract(a, position, length));
                    assertEquals(extracted(a, 64, position, length, true),
                            BitOperations.extractSigned(a, position, length));
                }
            }
        }
    }

    @Test
    void fieldsAreInserted() {
        for (int position : AMOUNTS) {
            for (int length : AMOUNTS) {
                for (int a : new int[] {0, -1, 0x12345678}) {
                    for (int b : new int[] {0, -1, 0xdeadbeef}) {
                        assertEquals((int) inserted(a, b, 32, position, length),
                                BitOperations.insert(a, b, position, length));
                        long longA = a * 0x100000001L;
                        long longB = b * 0x100000001L;
                        assertEquals(inserted(longA, longB, 64, position, length),
                                BitOperations.insert(longA, longB, position, length));
                    }
                }
            }
        }
    }

    private static int found(BigInteger a) {
        return a.signum() < 0 ? a.not().bitLength() - 1 : a.bitLength() - 1;
    }

    @Test
    void theHighestBitIsFound() {
        for (int a : INTS) {
            int unsigned = found(unsigned(a, 32));
            assertEquals(unsigned, BitOperations.find(a));
            assertEquals(found(BigInteger.valueOf(a)), BitOperations.findSigned(a));
            assertEquals(unsigned < 0 ? -1 : 31 - unsigned, BitOperations.shiftAmount(BitOperations.find(a), 32));
        }
        for (long a : LONGS) {
            int unsigned = found(unsigned(a, 64));
            assertEquals(unsigned, BitOperations.find(a));
            assertEquals(found(BigInteger.valueOf(a)), BitOperations.findSigned(a));
            assertEquals(unsigned < 0 ? -1 : 63 - unsigned, BitOperations.shiftAmount(BitOperations.find(a), 64));
        }
    }

    /** The ISA: the table of a function is what it makes of 0xF0, 0xCC and 0xAA. */
    @Test
    void logicOfThree() {
        for (int table = 0; table < 256; table++) {
            assertEquals(table, BitOperations.lop3(0xf0, 0xcc, 0xaa, table) & 0xff);
        }
        for (int a : INTS) {
            for (int b : INTS) {
                int c = a + 3 * b;
                assertEquals(a & b & c, BitOperations.lop3(a, b, c, 0x80));
                assertEquals(a | b | c, BitOperations.lop3(a, b, c, 0xfe));
                assertEquals(a & b & ~c, BitOperations.lop3(a, b, c, 0x40));
                assertEquals(a & b | c, BitOperations.lop3(a, b, c, 0xea));
                assertEquals(a ^ b ^ c, BitOperations.lop3(a, b, c, 0x96));
            }
        }
    }
}
