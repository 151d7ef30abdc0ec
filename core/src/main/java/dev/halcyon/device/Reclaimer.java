package dev.halcyon.device;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The safety net under tensors that nobody closed: once such an owner is unreachable, its memory is taken back at the
 * device's next allocation. Unlike {@link java.lang.ref.Cleaner} this needs no thread, so a device leaves none behind.
 */
final class Reclaimer {
    private static final long COLLECTION_WAIT_MILLIS = 200;

    private final ReferenceQueue<Object> unreachable = new ReferenceQueue<>();
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    /** Runs {@code release} some time after {@code owner} became unreachable, unless the watch is ended before. */
    MemoryPool.Watch watch(Object owner, Runnable release) {
        Watch watch = new Watch(owner, release);
        watches.add(watch);
        return watch;
    }

    /** Releases what is known to be unreachable. */
    void drain() {
        for (Reference<?> found = unreachable.poll(); found != null; found = unreachable.poll()) {
            ((Watch) found).release();
        }
    }

    /** Asks for a garbage collection and releases what it finds: the last resort before memory is refused. */
    void collect() {
        System.gc();
        try {
            Reference<?> found = unreachable.remove(COLLECTION_WAIT_MILLIS);
            if (found != null) {
                ((Watch) found).release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        drain();
    }

    private final class Watch extends PhantomReference<Object> implements MemoryPool.Watch {
        private final Runnable release;

        Watch(Object owner, Runnable release) {
            super(owner, unreachable);
            this.release = release;
        }

        void release() {
            if (watches.remove(this)) {
                release.run();
            }
        }

        @Override
        public void end() {
            watches.remove(this);
            clear();
        }
    }
}
