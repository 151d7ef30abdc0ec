package dev.halcyon.cpu;

import java.lang.foreign.Arena;

/** Memory that a kernel may use until its next request; it grows to the largest and stays. */
final class Scratch implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private Arena arena;
    private long address;
    private long bytes;

    /** At least {@code size} bytes with undefined contents. What was handed out before is void. */
    long request(long size) {
        if (size > bytes) {
            close();
            arena = Arena.ofShared();
            bytes = size + size / 4;
            address = arena.allocate(bytes, ALIGNMENT).address();
        }
        return address;
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
            arena = null;
            bytes = 0;
        }
    }
}
