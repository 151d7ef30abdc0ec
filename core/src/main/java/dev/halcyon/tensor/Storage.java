package dev.halcyon.tensor;

import dev.halcyon.device.Buffer;
import dev.halcyon.device.MemoryPool;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool's buffer and how many tensors share it; the last one to let go gives it back. */
final class Storage {
    private final MemoryPool pool;
    private final Buffer buffer;
    private final AtomicInteger references = new AtomicInteger(1);

    Storage(MemoryPool pool, long bytes) {
        this.pool = pool;
        this.buffer = pool.take(bytes);
    }

    Buffer buffer() {
        return buffer;
    }

    void retain() {
        references.incrementAndGet();
    }

    void release() {
        if (references.decrementAndGet() == 0) {
            pool.give(buffer);
        }
    }

    boolean shared() {
        return references.get() > 1;
    }
}
