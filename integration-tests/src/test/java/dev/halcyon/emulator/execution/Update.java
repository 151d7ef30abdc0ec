package dev.halcyon.emulator.execution;

/**
 * What an atomic operation does to a number in memory.
 *
 * @param width bytes of the number
 * @param function the new number from the old one and one or two operands
 * @param wide whether registers have 64 bits
 * @param target where the register for the old number begins, or -1
 * @param mask the bits of the target that are used
 * @param a where the first operand begins
 * @param b where the second operand begins
 */
record Update(int width, Function function, boolean wide, int target, int mask, int a, int b) {
    /** The new number, of whose bits only those of the width count. */
    @FunctionalInterface
    interface Function {
        long apply(long old, long a, long b);
    }

    void apply(byte[] data, int at, Warp warp, int lane) {
        long old = Bytes.get(data, at, width);
        long first = wide ? warp.wides[a + lane] : warp.words[a + lane];
        long second = wide ? warp.wides[b + lane] : warp.words[b + lane];
        Bytes.set(data, at, width, function.apply(old, first, second));
        if (target >= 0) {
            if (wide) {
                warp.wides[target + lane] = old;
            } else {
                warp.words[target + lane] = (int) old & mask;
            }
        }
    }
}
