package dev.halcyon.cpu;

import dev.halcyon.device.View;

/**
 * Memory too large to be expected in caches. Kernels that read it at many places in turn are slow, since hardware
 * fetches ahead for a few only: what they need next is read before in the order in which it lies.
 */
final class FarMemory {
    /** More than a core's own cache holds, and much of the one that cores share. */
    private static final long BYTES = 16 << 20;
    private static final int CACHE_LINE = 64;

    private FarMemory() {
    }

    static boolean holds(View view) {
        return view.bytes() >= BYTES;
    }

    /**
     * Reads a block.
     *
     * @param scratch of the thread: a number is written there, lest the compiler find the reading useless
     */
    static void fetch(long address, long bytes, Scratch scratch) {
        int sum = 0;
        for (long at = address; at < address + bytes; at += CACHE_LINE) {
            sum += Memory.getInt(at);
        }
        Memory.setInt(scratch.request(Integer.BYTES), sum);
    }
}
