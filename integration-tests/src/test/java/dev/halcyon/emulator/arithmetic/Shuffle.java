package dev.halcyon.emulator.arithmetic;

import java.util.Locale;

/** The modes of {@code shfl.sync d|p, a, b, c}: whose value of a each lane gets. */
public enum Shuffle {
    /** From b lanes below. */
    UP,
    /** From b lanes above. */
    DOWN,
    /** From the lane whose number differs in the bits of b. */
    BFLY,
    /** From lane b. */
    IDX;

    private static final int LANES = 31;

    /**
     * The mode that a suffix names.
     *
     * @param suffix without its dot, as {@code bfly}
     * @throws IllegalArgumentException if it names none
     */
    public static Shuffle of(String suffix) {
        return valueOf(suffix.toUpperCase(Locale.ROOT));
    }

    /**
     * The lane whose value a lane gets.
     *
     * @param lane the lane that gets it, 0 to 31
     * @param b how far, or which lane; its lower 5 bits count
     * @param c in its lower 5 bits the last lane (the first for {@link #UP}) that may be asked, in bits 8 to 12 a mask of
     *            the bits of a lane's number that stay as they are: these cut the warp into segments
     * @return the lane, or -1 if it is out of range: the lane then keeps its own value, and p is false
     */
    public int source(int lane, int b, int c) {
        int segment = c >> 8 & LANES;
        int first = lane & segment;
        int limit = first | c & LANES & ~segment;
        int distance = b & LANES;
        int source = switch (this) {
            case UP -> lane - distance;
            case DOWN -> lane + distance;
            case BFLY -> lane ^ distance;
            case IDX -> first | distance & ~segment;
        };
        boolean inRange = this == UP ? source >= limit : source <= limit;
        return inRange ? source : -1;
    }
}
