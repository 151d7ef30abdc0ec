package dev.halcyon.cuda;

/**
 * A number that kernels divide by: the quotient of n below 2³¹ is (⌊n · factor / 2³²⌋ + n) / 2^shift, see Granlund and
 * Montgomery 1994, "Division by invariant integers using multiplication".
 *
 * @param value the divisor, from 1 to 2³¹ - 1
 */
record Divisor(int value) {
    /** Largest number of things that can be told apart by quotients. */
    static final long LIMIT = Integer.MAX_VALUE;

    Divisor {
        if (value < 1) {
            throw new IllegalArgumentException("divisor: expected at least 1, found " + value);
        }
    }

    static Divisor of(long value) {
        return new Divisor(Math.toIntExact(value));
    }

    /** {@code struct Divisor} of axes.cuh as two words of 8 bytes. */
    long[] words() {
        int shift = Integer.SIZE - Integer.numberOfLeadingZeros(value - 1);
        long factor = ((1L << shift) - value << Integer.SIZE) / value + 1;
        return new long[] {value | factor << Integer.SIZE, shift};
    }
}
