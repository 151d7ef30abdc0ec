package dev.halcyon.cpu;

import java.lang.foreign.Arena;

/** Zeros to copy from. */
final class Zeros {
    private static final long BYTES = TileKernels.ROW_BYTES + TileKernels.SLACK;
    private static final long ADDRESS = Arena.global().allocate(BYTES, 64).address();

    private Zeros() {
    }

    /** Sets runs to zero, see {@link TileKernels#copyRuns}. */
    static void runs(long to, long toStep, int count, int floats) {
        if (count > 0) {
            Vectorization.tiles().copyRuns(ADDRESS, 0, to, toStep, count, floats);
        }
    }
}
