package dev.halcyon.emulator.arithmetic;

/** {@code dp4a} and {@code dp2a}: products of small integers packed into 32 bits, added to c, wrapping. */
public final class DotProducts {
    private DotProducts() {
    }

    /** {@code dp4a.atype.btype d, a, b, c}: four bytes of a by four of b. */
    public static int dp4a(int a, boolean aSigned, int b, boolean bSigned, int c) {
        int sum = c;
        for (int i = 0; i < 4; i++) {
            sum += field(a, 8 * i, 8, aSigned) * field(b, 8 * i, 8, bSigned);
        }
        return sum;
    }

    /** {@code dp2a.lo.atype.btype d, a, b, c}: the two halves of a by the lower two bytes of b. */
    public static int dp2aLow(int a, boolean aSigned, int b, boolean bSigned, int c) {
        return dp2a(a, aSigned, b, bSigned, 0) + c;
    }

    /** {@code dp2a.hi.atype.btype d, a, b, c}: the two halves of a by the upper two bytes of b. */
    public static int dp2aHigh(int a, boolean aSigned, int b, boolean bSigned, int c) {
        return dp2a(a, aSigned, b, bSigned, 16) + c;
    }

    private static int dp2a(int a, boolean aSigned, int b, boolean bSigned, int from) {
        return field(a, 0, 16, aSigned) * field(b, from, 8, bSigned)
                + field(a, 16, 16, aSigned) * field(b, from + 8, 8, bSigned);
    }

    private static int field(int packed, int position, int width, boolean isSigned) {
        return isSigned
                ? BitOperations.extractSigned(packed, position, width)
                : BitOperations.extract(packed, position, width);
    }
}
