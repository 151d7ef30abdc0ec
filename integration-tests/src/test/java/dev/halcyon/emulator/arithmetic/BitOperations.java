package dev.halcyon.emulator.arithmetic;

/**
 * Shifts, fields of bits and logic. Amounts and positions are unsigned: a negative one is a large one. Java's shifts
 * take an amount modulo the width, those of PTX clamp it, so none of them is an operator of Java.
 */
public final class BitOperations {
    private BitOperations() {
    }

    /** {@code shl.b32}: 0 from an amount of 32 on. */
    public static int shl(int a, int amount) {
        return isBelow(amount, 32) ? a << amount : 0;
    }

    /** {@code shl.b64}: 0 from an amount of 64 on. */
    public static long shl(long a, int amount) {
        return isBelow(amount, 64) ? a << amount : 0;
    }

    /** {@code shr.s32}: only copies of the sign from an amount of 31 on. */
    public static int shr(int a, int amount) {
        return a >> (isBelow(amount, 32) ? amount : 31);
    }

    /** {@code shr.s64}. */
    public static long shr(long a, int amount) {
        return a >> (isBelow(amount, 64) ? amount : 63);
    }

    /** {@code shr.u32} and {@code shr.b32}. */
    public static int shrUnsigned(int a, int amount) {
        return isBelow(amount, 32) ? a >>> amount : 0;
    }

    /** {@code shr.u64} and {@code shr.b64}. */
    public static long shrUnsigned(long a, int amount) {
        return isBelow(amount, 64) ? a >>> amount : 0;
    }

    /** {@code shf.l.wrap.b32}: the upper half of b:a (b above a) shifted left by the amount modulo 32. */
    public static int funnelLeftWrap(int a, int b, int amount) {
        return (int) (joined(a, b) << (amount & 31) >>> 32);
    }

    /** {@code shf.l.clamp.b32}: the same by at most 32. */
    public static int funnelLeftClamp(int a, int b, int amount) {
        return (int) (joined(a, b) << (isBelow(amount, 32) ? amount : 32) >>> 32);
    }

    /** {@code shf.r.wrap.b32}: the lower half of b:a (b above a) shifted right by the amount modulo 32. */
    public static int funnelRightWrap(int a, int b, int amount) {
        return (int) (joined(a, b) >>> (amount & 31));
    }

    /** {@code shf.r.clamp.b32}: the same by at most 32. */
    public static int funnelRightClamp(int a, int b, int amount) {
        return (int) (joined(a, b) >>> (isBelow(amount, 32) ? amount : 32));
    }

    private static long joined(int a, int b) {
        return (long) b << 32 | Integer.toUnsignedLong(a);
    }

    /** {@code bfe.u32 d, a, position, length}: a field of a, of which the lower 8 bits of both numbers count. */
    public static int extract(int a, int position, int length) {
        return (int) extract(Integer.toUnsignedLong(a), position, length);
    }

    /** {@code bfe.u64}. */
    public static long extract(long a, int position, int length) {
        return shrUnsigned(a, position & 0xff) & lowest(length & 0xff);
    }

    /** {@code bfe.s32}: extended by the field's highest bit, or by the sign of a if the field ends above it. */
    public static int extractSigned(int a, int position, int length) {
        return (int) extractSigned((long) a, position, length);
    }

    /** {@code bfe.s64}. */
    public static long extractSigned(long a, int position, int length) {
        int bits = length & 0xff;
        if (bits == 0) {
            return 0;
        }
        int unused = Math.max(0, 64 - bits);
        return shr(a, position & 0xff) << unused >> unused;
    }

    /** {@code bfi.b32 d, a, b, position, length}: b with the lowest bits of a put in at a position. */
    public static int insert(int a, int b, int position, int length) {
        return (int) insert(Integer.toUnsignedLong(a), Integer.toUnsignedLong(b), position, length);
    }

    /** {@code bfi.b64}. */
    public static long insert(long a, long b, int position, int length) {
        long field = shl(lowest(length & 0xff), position & 0xff);
        return shl(a, position & 0xff) & field | b & ~field;
    }

    private static long lowest(int bits) {
        return bits < 64 ? (1L << bits) - 1 : -1;
    }

    /** {@code bfind.u32}: where the highest 1 is, counted from the lowest bit; -1 if there is none. */
    public static int find(int a) {
        return 31 - Integer.numberOfLeadingZeros(a);
    }

    /** {@code bfind.u64}. */
    public static int find(long a) {
        return 63 - Long.numberOfLeadingZeros(a);
    }

    /** {@code bfind.s32}: where the highest bit is that differs from the sign; -1 if there is none. */
    public static int findSigned(int a) {
        return find(a ^ a >> 31);
    }

    /** {@code bfind.s64}. */
    public static int findSigned(long a) {
        return find(a ^ a >> 63);
    }

    /**
     * {@code .shiftamt}: the shift to the left that brings the bit that was found to the top.
     *
     * @param found what {@link #find} gave
     * @param width 32 or 64
     */
    public static int shiftAmount(int found, int width) {
        return found < 0 ? found : width - 1 - found;
    }

    /** {@code lop3.b32}: each bit is that of the table whose number the bits of a (4), b (2) and c (1) make. */
    public static int lop3(int a, int b, int c, int table) {
        int withoutA = choose(b, choose(c, entry(table, 0), entry(table, 1)),
                choose(c, entry(table, 2), entry(table, 3)));
        int withA = choose(b, choose(c, entry(table, 4), entry(table, 5)), choose(c, entry(table, 6), entry(table, 7)));
        return choose(a, withoutA, withA);
    }

    private static int choose(int mask, int whereZero, int whereOne) {
        return ~mask & whereZero | mask & whereOne;
    }

    private static int entry(int table, int number) {
        return -(table >> number & 1);
    }

    private static boolean isBelow(int amount, int width) {
        return (amount & -width) == 0;
    }
}
