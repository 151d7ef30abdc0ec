package dev.halcyon.emulator.execution;

/**
 * Computes a register from up to three others, for all lanes, also those that do not take part: it must not fail for
 * any operands. It is a plain loop, which the compiler unrolls.
 */
@FunctionalInterface
interface LaneLoop {
    /**
     * @param words registers of up to 32 bits
     * @param wides registers of 64 bits
     * @param d where the result begins in the one or the other
     */
    void apply(int[] words, long[] wides, int d, int a, int b, int c);
}
