package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED;
import static jcuda.driver.CUresult.CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.TreeMap;

/** Host memory that a device can read and write by itself: copies from and to it are done in the stream's turn. */
final class PinnedMemory {
    private static final long PAGE = 4096;

    /**
     * A range of it.
     *
     * @param arena that it was allocated in; null if it was only registered
     */
    private record Range(long bytes, Context owner, Arena arena) {
    }

    private final TreeMap<Long, Range> ranges = new TreeMap<>();

    /** Allocates. */
    long allocate(Context owner, long bytes) {
        DriverError.unless(bytes > 0, CUDA_ERROR_INVALID_VALUE);
        Arena arena = Arena.ofShared();
        long address = arena.allocate(bytes, PAGE).address();
        ranges.put(address, new Range(bytes, owner, arena));
        return address;
    }

    /** Frees what was allocated. */
    void free(long address) {
        Range range = ranges.get(address);
        DriverError.unless(range != null && range.arena() != null, CUDA_ERROR_INVALID_VALUE);
        ranges.remove(address);
        range.arena().close();
    }

    /** Pins memory of the program. */
    void register(Context owner, long address, long bytes) {
        DriverError.unless(address != 0 && bytes > 0, CUDA_ERROR_INVALID_VALUE);
        Map.Entry<Long, Range> before = ranges.lowerEntry(address + bytes);
        DriverError.unless(before == null || before.getKey() + before.getValue().bytes() <= address,
                CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED);
        ranges.put(address, new Range(bytes, owner, null));
    }

    /** Lets memory of the program go. */
    void unregister(long address) {
        Range range = ranges.get(address);
        DriverError.unless(range != null && range.arena() == null, CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED);
        ranges.remove(address);
    }

    /** Whether all of some bytes are pinned. */
    boolean contains(long address, long bytes) {
        Map.Entry<Long, Range> entry = ranges.floorEntry(address);
        return entry != null && address + bytes <= entry.getKey() + entry.getValue().bytes();
    }

    /** Frees all of a context. */
    void freeAllOf(Context owner) {
        ranges.values().removeIf(range -> {
            if (range.owner() == owner && range.arena() != null) {
                range.arena().close();
            }
            return range.owner() == owner;
        });
    }

    /** Bytes pinned. */
    long bytes() {
        return ranges.values().stream().mapToLong(Range::bytes).sum();
    }
}
