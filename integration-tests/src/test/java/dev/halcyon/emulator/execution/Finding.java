package dev.halcyon.emulator.execution;

/**
 * A fault of a kernel.
 *
 * @param line of the PTX text
 * @param block the block's place in the grid
 * @param thread the thread's place in the block
 * @param text what happened, in words
 */
public record Finding(Kind kind, String kernel, int line, Place block, Place thread, String text) {

    /** What was wrong. */
    public enum Kind {
        OUT_OF_BOUNDS, MISALIGNED, USE_AFTER_FREE, UNINITIALISED_READ, SHARED_RACE, DIVERGENT_BARRIER, TRAP, ENDLESS
    }

    /** A place in a grid or block. */
    public record Place(int x, int y, int z) {
        @Override
        public String toString() {
            return "(" + x + ", " + y + ", " + z + ")";
        }
    }

    @Override
    public String toString() {
        return "kernel %s, PTX line %d, block %s, thread %s: %s".formatted(kernel, line, block, thread, text);
    }
}
