package dev.halcyon.emulator.execution;

/**
 * A predicate that an instruction reads.
 *
 * @param number -1 for a constant
 * @param flip -1 if its opposite is meant, or the constant is true; else 0
 */
record Predicate(int number, int flip) {
    /** Bit l tells whether it holds for lane l. */
    int lanes(Warp warp) {
        return number < 0 ? flip : warp.predicates[number] ^ flip;
    }
}
