package dev.halcyon.emulator.arithmetic;

import java.util.Locale;

/** The modes of {@code prmt.b32 d, a, b, c}: which of the eight bytes of a (0 to 3) and b (4 to 7) go where. */
public enum Permutation {
    /** Without a mode: four bits of c for each byte, the highest of which asks for copies of the byte's sign. */
    GENERIC,
    /** Forward from the byte that c names. */
    F4E,
    /** Backward from the byte that c names. */
    B4E,
    /** The byte that c names, four times. */
    RC8,
    /** Bytes in order, none below that which c names. */
    ECL,
    /** Bytes in order, none above that which c names. */
    ECR,
    /** The half that c names, twice. */
    RC16;

    /**
     * The mode that a suffix names.
     *
     * @param suffix without its dot, as {@code f4e}
     * @throws IllegalArgumentException if it names none
     */
    public static Permutation of(String suffix) {
        return valueOf(suffix.toUpperCase(Locale.ROOT));
    }

    /** The result for operands a, b and c. */
    public int apply(int a, int b, int c) {
        long bytes = (long) b << 32 | Integer.toUnsignedLong(a);
        int result = 0;
        for (int place = 0; place < 4; place++) {
            int chosen = chosen(c, place);
            int value = (int) (bytes >>> 8 * (chosen & 7));
            int filled = chosen > 7 ? (byte) value >> 7 : value;
            result |= (filled & 0xff) << 8 * place;
        }
        return result;
    }

    private int chosen(int c, int place) {
        int named = c & 3;
        return switch (this) {
            case GENERIC -> c >>> 4 * place & 15;
            case F4E -> named + place;
            case B4E -> named - place & 7;
            case RC8 -> named;
            case ECL -> Math.max(place, named);
            case ECR -> Math.min(place, named);
            case RC16 -> 2 * (named & 1) + (place & 1);
        };
    }
}
