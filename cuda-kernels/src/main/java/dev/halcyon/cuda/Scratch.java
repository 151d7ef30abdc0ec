package dev.halcyon.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;

/**
 * Memory that operations need for themselves. It is kept between operations: since all work is done in order, the next
 * one may have it at once.
 */
final class Scratch {
    private static final long SMALLEST = 1 << 12;

    private final DeviceMemory memory;
    private final TreeMap<Long, Deque<CudaBuffer>> free = new TreeMap<>();

    Scratch(DeviceMemory memory) {
        this.memory = memory;
    }

    Temporary take(long bytes) {
        long size = Long.highestOneBit(Math.max(SMALLEST, bytes) - 1) << 1;
        Deque<CudaBuffer> ready = free.get(size);
        return new Temporary(this, ready == null || ready.isEmpty() ? memory.allocate(size) : ready.pop());
    }

    void giveBack(CudaBuffer buffer) {
        free.computeIfAbsent(buffer.bytes(), size -> new ArrayDeque<>()).push(buffer);
    }

    /** Frees what no operation is using. */
    void trim() {
        free.values().forEach(buffers -> buffers.forEach(memory::free));
        free.clear();
    }
}
