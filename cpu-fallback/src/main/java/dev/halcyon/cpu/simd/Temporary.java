package dev.halcyon.cpu.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A little memory of each thread's own, which stays in the first-level cache: functions that are too large for one
 * compiled loop pass their intermediate values through it.
 */
final class Temporary {
    /** Floats in each of its two parts. */
    static final int FLOATS = 1024;

    private static final long ALIGNMENT = 64;
    private static final ThreadLocal<MemorySegment> MEMORY = ThreadLocal
            .withInitial(() -> Arena.ofAuto().allocate(2 * 4L * FLOATS, ALIGNMENT));

    private Temporary() {
    }

    /** Where the first part lies; the second follows it. */
    static long address() {
        return MEMORY.get().address();
    }
}
