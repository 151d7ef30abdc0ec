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
        /** An access outside of all allocations, or of shared, local or parameter memory. */
        OUT_OF_BOUNDS,
        /** An address that is no multiple of the access's size. */
        MISALIGNED,
        /** An access to memory that was freed. */
        USE_AFTER_FREE,
        /** A read of bytes that nobody has written since they were allocated, or since the block began. */
        UNINITIALISED_READ,
        /** Two threads' accesses to shared memory, one of which writes, without a barrier between them. */
        SHARED_RACE,
        /** A barrier, or an instruction that lanes do together, that not all threads meant by it have come to. */
        DIVERGENT_BARRIER,
        /** A trap instruction. */
        TRAP,
        /** A block that does not end. */
        ENDLESS
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
