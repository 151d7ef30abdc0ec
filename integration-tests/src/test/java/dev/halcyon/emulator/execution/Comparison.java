package dev.halcyon.emulator.execution;

/** Compares two registers, for all lanes, also those that do not take part. */
@FunctionalInterface
interface Comparison {
    /** Bit l tells whether it holds for lane l. */
    int apply(int[] words, long[] wides, int a, int b);
}
