package dev.halcyon.device;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps a backend's memory for reuse: a training step asks for the same sizes every time, and asking the operating
 * system or the driver each time would cost more than most operations.
 *
 * <p>Sizes are rounded up to classes, eight to a doubling, so at most one ninth is wasted. When the device has no more,
 * what is pooled in other classes is given back and the request is tried again. Safe for use by several threads, since
 * tensors that nobody closed come back from wherever that was noticed.
 */
public final class MemoryPool implements AutoCloseable {
    private static final int SMALLEST_LOG2 = 8;

    private final Backend backend;
    private final long limit;
    private final Reclaimer reclaimer = new Reclaimer();
    private final TreeMap<Long, Deque<Buffer>> free = new TreeMap<>();
    private final Set<Buffer> used = Collections.newSetFromMap(new IdentityHashMap<>());
    private long inUse;
    private long peak;
    private long pooled;

    /** A watch over an owner of memory, to be ended when the owner gives the memory back itself. */
    @FunctionalInterface
    public interface Watch {
        /** Ends the watch. */
        void end();
    }

    /**
     * A pool over a backend's memory.
     *
     * @param limit the most bytes it may hold at one time, used and free together
     */
    public MemoryPool(Backend backend, long limit) {
        this.backend = backend;
        this.limit = limit;
    }

    /**
     * A buffer of at least {@code bytes} bytes, contents undefined.
     *
     * @throws DeviceMemoryException if the device or the limit has no room for it
     */
    public synchronized Buffer take(long bytes) {
        reclaimer.drain();
        long size = sizeClass(bytes);
        Deque<Buffer> ready = free.get(size);
        Buffer buffer;
        if (ready != null && !ready.isEmpty()) {
            buffer = ready.pop();
            pooled -= size;
        } else {
            buffer = obtain(size);
        }
        used.add(buffer);
        inUse += size;
        peak = Math.max(peak, inUse);
        return buffer;
    }

    /** Takes a buffer back. Each buffer is given back once; what has been freed by {@link #close} is ignored. */
    public synchronized void give(Buffer buffer) {
        if (used.remove(buffer)) {
            inUse -= buffer.bytes();
            pooled += buffer.bytes();
            free.computeIfAbsent(buffer.bytes(), size -> new ArrayDeque<>()).push(buffer);
        }
    }

    /**
     * Runs {@code release} at an allocation after {@code owner} became unreachable.
     *
     * @param release gives the owner's memory back; must not refer to the owner
     */
    public Watch watch(Object owner, Runnable release) {
        return reclaimer.watch(owner, release);
    }

    /** Bytes in use, their peak, and bytes pooled. */
    public synchronized MemoryStatistics statistics() {
        reclaimer.drain();
        return new MemoryStatistics(inUse, peak, pooled);
    }

    /** The most bytes that the pool may hold at one time. */
    public long limit() {
        return limit;
    }

    /** Starts the peak anew from what is in use now. */
    public synchronized void resetPeak() {
        peak = inUse;
    }

    /** Gives everything that is not in use back to the device. */
    public synchronized void trim() {
        for (Deque<Buffer> buffers : free.values()) {
            buffers.forEach(backend::free);
        }
        free.clear();
        pooled = 0;
    }

    /** Frees everything, in use or not. */
    @Override
    public synchronized void close() {
        trim();
        used.forEach(backend::free);
        used.clear();
        inUse = 0;
    }

    private Buffer obtain(long size) {
        try {
            makeRoom(size);
            return backend.allocate(size);
        } catch (DeviceMemoryException firstTry) {
            reclaimer.collect();
            trim();
            makeRoom(size);
            try {
                return backend.allocate(size);
            } catch (DeviceMemoryException e) {
                throw new DeviceMemoryException(size, situation() + "; " + e.situation(), e);
            }
        }
    }

    /** Frees pooled buffers, the largest first, until {@code size} more bytes stay within the limit. */
    private void makeRoom(long size) {
        Iterator<Deque<Buffer>> largestFirst = free.descendingMap().values().iterator();
        while (inUse + pooled + size > limit && largestFirst.hasNext()) {
            Deque<Buffer> buffers = largestFirst.next();
            while (inUse + pooled + size > limit && !buffers.isEmpty()) {
                Buffer buffer = buffers.pop();
                pooled -= buffer.bytes();
                backend.free(buffer);
            }
        }
        if (inUse + pooled + size > limit) {
            throw new DeviceMemoryException(size, situation(), null);
        }
    }

    private String situation() {
        return DeviceMemoryException.mebibytes(inUse) + " in use, " + DeviceMemoryException.mebibytes(pooled)
                + " pooled, " + DeviceMemoryException.mebibytes(limit) + " allowed";
    }

    static long sizeClass(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("expected a size of at least 0 bytes, found " + bytes);
        }
        long least = Math.max(bytes, 1L << SMALLEST_LOG2);
        long step = Long.highestOneBit(least - 1 | 1) >> 3;
        step = Math.max(step, 64);
        return Math.addExact(least, step - 1) / step * step;
    }
}
