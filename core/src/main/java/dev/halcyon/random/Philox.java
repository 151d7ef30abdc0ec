package dev.halcyon.random;

/**
 * The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC'11): block number i of a stream is a
 * function of (seed, stream, i) and needs no state, so any draw can be made anywhere in any order.
 *
 * <p>The key is the seed; counter words 0 and 1 are the block's number, words 2 and 3 the stream, low words first. Draw
 * number i is word i mod 4 of block i / 4. What a draw becomes:
 * <ul>
 * <li>uniform in [0, 1): the upper 24 bits, divided by 2^24;
 * <li>Bernoulli(p): 1 if the upper 24 bits are less than round(p 2^24);
 * <li>normal: draws 2j and 2j + 1 by Box and Muller's transform, see {@link #cosineGaussian}.
 * </ul>
 */
public final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final int UNIFORM_BITS = 24;

    private Philox() {
    }

    /**
     * One block of four 32-bit words.
     *
     * @param words receives them, at least four long
     */
    public static void block(long seed, long stream, long index, int[] words) {
        int c0 = (int) index;
        int c1 = (int) (index >>> 32);
        int c2 = (int) stream;
        int c3 = (int) (stream >>> 32);
        int k0 = (int) seed;
        int k1 = (int) (seed >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * Integer.toUnsignedLong(c0);
            long product1 = MULTIPLIER_1 * Integer.toUnsignedLong(c2);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c1 = (int) product1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
    }

    /** A word as a number in [0, 1). */
    public static float uniform(int word) {
        return (word >>> 32 - UNIFORM_BITS) * 0x1p-24f;
    }

    /** The number under which the upper 24 bits of a word must lie for a Bernoulli draw to be 1. */
    public static int threshold(double probability) {
        return (int) Math.round(probability * (1 << UNIFORM_BITS));
    }

    /** Whether a word draws a 1, for a {@link #threshold}. */
    public static boolean bernoulli(int word, int threshold) {
        return word >>> 32 - UNIFORM_BITS < threshold;
    }

    /** The even one of two normal draws: sqrt(-2 ln u) cos(2 π v), with u in (0, 1] and v in [0, 1). */
    public static double cosineGaussian(int even, int odd) {
        return radius(even) * StrictMath.cos(angle(odd));
    }

    /** The odd one of two normal draws: sqrt(-2 ln u) sin(2 π v). */
    public static double sineGaussian(int even, int odd) {
        return radius(even) * StrictMath.sin(angle(odd));
    }

    private static double radius(int word) {
        double u = ((word >>> 32 - UNIFORM_BITS) + 1) * 0x1p-24;
        return Math.sqrt(-2 * StrictMath.log(u));
    }

    private static double angle(int word) {
        return 2 * Math.PI * ((word >>> 32 - UNIFORM_BITS) * 0x1p-24);
    }
}
