package dev.halcyon.cpu;

import dev.halcyon.device.Buffer;
import dev.halcyon.device.DeviceMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A block of native memory with an arena of its own, so that it can be freed by itself. */
final class CpuBuffer implements Buffer {
    private static final long ALIGNMENT = 64;

    private final Arena arena;
    private final MemorySegment segment;

    private CpuBuffer(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    static CpuBuffer allocate(long bytes) {
        Arena arena = Arena.ofShared();
        try {
            return new CpuBuffer(arena, arena.allocate(bytes + TileKernels.SLACK, ALIGNMENT).asSlice(0, bytes));
        } catch (OutOfMemoryError e) {
            arena.close();
            throw new DeviceMemoryException(bytes, "the operating system refused it", e);
        }
    }

    /** Memory that belongs to somebody else, who frees it. */
    static CpuBuffer over(long address, long bytes) {
        return new CpuBuffer(null, Memory.ALL.asSlice(address, bytes));
    }

    long address() {
        return segment.address();
    }

    MemorySegment segment() {
        return segment;
    }

    @Override
    public long bytes() {
        return segment.byteSize();
    }

    void free() {
        arena.close();
    }
}
