package dev.halcyon.device;

/**
 * A block of random numbers from Philox4x32-10 (Salmon et al., SC'11). Element i is draw {@code offset + i} of
 * (seed, stream), whatever the backend and the number of threads; {@link dev.halcyon.random.Philox} says how a draw
 * becomes a number.
 *
 * @param distribution what is drawn
 * @param probability chance of a 1, for {@link Distribution#BERNOULLI}; otherwise unused
 * @param seed the key
 * @param stream which of the seed's independent sequences
 * @param offset number of the first draw, a multiple of 4
 */
public record Random(Distribution distribution, double probability, long seed, long stream, long offset) {
    /** What is drawn. */
    public enum Distribution {
        /** Uniform in [0, 1). */
        UNIFORM,
        /** Normal, mean 0, variance 1. Backends may differ in the last bits. */
        NORMAL,
        /** 1 with the given probability, else 0. */
        BERNOULLI
    }

    /** Checks the ranges. */
    public Random {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("random: expected a probability in [0, 1], found " + probability);
        }
        if (offset < 0 || offset % 4 != 0) {
            throw new IllegalArgumentException("random: expected an offset that is a multiple of 4, found " + offset);
        }
    }

    /** Zeros and ones. */
    public static Random bernoulli(double probability, long seed, long stream, long offset) {
        return new Random(Distribution.BERNOULLI, probability, seed, stream, offset);
    }
}
