package dev.halcyon.cpu;

/** Loops over random words of {@link dev.halcyon.random.Philox}, and what they become. */
public interface DrawKernels {
    /**
     * Writes blocks of four words, one behind the other.
     *
     * @param first number of the first block
     * @param blocks how many
     */
    void words(long seed, long stream, long first, long blocks, long words);

    /** y = numbers in [0, 1). */
    void uniform(long words, long y, long n);

    /** y = 1 where a word draws it, see {@link dev.halcyon.random.Philox#bernoulli}, else 0. */
    void bernoulli(long words, int threshold, long y, long n);

    /** y = scale x where a word draws a 1, else 0. */
    void dropout(long words, int threshold, float scale, long x, long y, long n);
}
