package dev.halcyon.emulator.execution;

import java.util.List;

/**
 * An instruction of a kernel before the code is laid out. The guard is the number of the predicate that it depends on, or
 * -1; negated says that it runs where that is false.
 */
sealed interface Node {
    int guard();

    boolean negated();

    int line();

    /** One after which the next one follows. */
    record Plain(Operation operation, int guard, boolean negated, int line) implements Node {
    }

    record Branch(Jump target, int guard, boolean negated, int line) implements Node {
    }

    /**
     * One that goes to a place whose number is in a register.
     *
     * @param index where the register begins
     */
    record IndexedBranch(int index, List<Jump> targets, int guard, boolean negated, int line) implements Node {
    }

    /** The end of threads. */
    record Exit(int guard, boolean negated, int line) implements Node {
    }
}
