package dev.halcyon.emulator.driver;

import java.lang.foreign.MemorySegment;

/** The memory of this process by its addresses, as a driver sees it: nothing is checked. */
final class HostMemory {
    /** All of it. */
    @SuppressWarnings("restricted")
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private HostMemory() {
    }

    /** A part of it. */
    @SuppressWarnings("restricted")
    static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
