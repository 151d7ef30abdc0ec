package dev.halcyon.emulator.execution;

/**
 * An instruction in the code of a kernel.
 *
 * @param guard number of the predicate that it depends on, or -1
 * @param flip -1 if it runs where the predicate is false, else 0
 * @param issued 1 for an instruction, 0 for a mark where lanes come together again
 * @param floatOperations of each lane
 * @param line of the PTX text
 */
record Step(Operation operation, int guard, int flip, int issued, int floatOperations, int line) {
    static Step of(Operation operation, int guard, boolean negated, int line) {
        return new Step(operation, guard, negated ? -1 : 0, 1, operation.floatOperations(), line);
    }

    /** A place at which lanes that took different ways wait for each other. */
    static Step mark(int at) {
        return new Step((warp, lanes) -> warp.arriveAt(at), -1, 0, 0, 0, 0);
    }
}
