package dev.halcyon.random;

/**
 * A sequence of random numbers on the host: the draws of one (seed, stream) of {@link Philox}, one after the other.
 * Streams are cheap; give each purpose its own. Used by one thread at a time.
 */
public final class RandomStream {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long seed;
    private final long stream;
    private final int[] words = new int[4];
    private long position;

    private RandomStream(long seed, long stream) {
        this.seed = seed;
        this.stream = stream;
    }

    /** The sequence of a seed and a stream, from its beginning. */
    public static RandomStream of(long seed, long stream) {
        return new RandomStream(seed, stream);
    }

    /** The stream that a purpose names: the 64-bit FNV-1a hash of the text. */
    public static long stream(String purpose) {
        long hash = FNV_BASIS;
        for (int i = 0; i < purpose.length(); i++) {
            hash = (hash ^ purpose.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }

    /** The stream of one occasion within a purpose, such as one sample in one epoch. */
    public static long stream(String purpose, long major, long minor) {
        long hash = stream(purpose);
        for (long part : new long[] {major, minor}) {
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                hash = (hash ^ part >>> shift & 0xff) * FNV_PRIME;
            }
        }
        return hash;
    }

    /** 32 random bits. */
    public int nextInt() {
        int word = (int) (position & 3);
        if (word == 0) {
            Philox.block(seed, stream, position >>> 2, words);
        }
        position++;
        return words[word];
    }

    /**
     * A whole number in [0, bound), with a bias below bound / 2^32 (Lemire 2019, without rejection so that every call
     * takes one draw).
     */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("random: expected a bound of at least 1, found " + bound);
        }
        return (int) (Integer.toUnsignedLong(nextInt()) * bound >>> 32);
    }

    /** Uniform in [0, 1). */
    public float nextFloat() {
        return Philox.uniform(nextInt());
    }

    /** True with the given probability. */
    public boolean nextBoolean(double probability) {
        return Philox.bernoulli(nextInt(), Philox.threshold(probability));
    }

    /** Normal with mean 0 and deviation 1; takes two draws. */
    public double nextGaussian() {
        return Philox.cosineGaussian(nextInt(), nextInt());
    }

    /** The numbers 0 to {@code size} - 1 in random order (Fisher and Yates). */
    public int[] permutation(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
