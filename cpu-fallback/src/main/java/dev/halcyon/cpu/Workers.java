package dev.halcyon.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of one device. Work comes as numbered chunks; which thread runs a chunk never shows in the result. Each
 * begins with its own share of the numbers, the same part of all in every piece of work: its caches still have what it
 * read and wrote there before, and what another core wrote is slow to come by. Then it takes what is left of the others'.
 * Between two operations threads spin for a moment, since the next one usually follows at once, and then sleep.
 */
final class Workers implements AutoCloseable {
    /** Below about this many floating-point operations, sharing the work costs more than it saves. */
    static final long WORTH_SHARING = 32_768;

    private static final int SPINS_BEFORE_SLEEP = 20_000;

    /** A piece of work. */
    @FunctionalInterface
    interface ChunkBody {
        /**
         * Does one chunk.
         *
         * @param chunk its number
         * @param worker number of the thread that does it, which has its scratch memory to itself
         */
        void run(int chunk, int worker);
    }

    private final Thread[] helpers;
    private final Scratch[] scratch;
    private volatile Job current;
    private volatile boolean closing;

    Workers(int threads) {
        scratch = new Scratch[threads];
        for (int i = 0; i < threads; i++) {
            scratch[i] = new Scratch();
        }
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            int number = i + 1;
            helpers[i] = Thread.ofPlatform().daemon().name("halcyon-cpu-" + number).start(() -> help(number));
        }
    }

    /** Number of threads that take part, the caller included. */
    int threads() {
        return scratch.length;
    }

    /** Scratch memory of a worker. */
    Scratch scratch(int worker) {
        return scratch[worker];
    }

    /** Runs all chunks and returns when they are done. Work of one chunk is done by the caller alone. */
    void run(int chunks, ChunkBody body) {
        run(chunks, false, body);
    }

    /** The same, for what has just been passed over: each thread begins at the end of its share, where it was last. */
    void runBackwards(int chunks, ChunkBody body) {
        run(chunks, true, body);
    }

    private void run(int chunks, boolean backwards, ChunkBody body) {
        if (chunks == 1 || helpers.length == 0) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                body.run(backwards ? chunks - 1 - chunk : chunk, 0);
            }
            return;
        }
        Job job = new Job(chunks, scratch.length, backwards, body);
        current = job;
        for (int i = 0; i < Math.min(helpers.length, chunks - 1); i++) {
            LockSupport.unpark(helpers[i]);
        }
        job.work(0);
        job.await();
        current = null;
        job.rethrow();
    }

    /** Something done to one of many items. */
    @FunctionalInterface
    interface Item {
        /**
         * Does it.
         *
         * @param item its number
         * @param worker number of the thread that does it
         */
        void run(long item, int worker);
    }

    /** Runs items 0 to {@code count - 1}, of {@code costEach} operations, in ascending order within a chunk. */
    void forEach(long count, double costEach, Item item) {
        inChunks(count, chunkSize(count, costEach), item);
    }

    /** The same with so many items to a chunk. */
    void inChunks(long count, long perChunk, Item item) {
        run(Math.toIntExact(Math.ceilDiv(count, perChunk)), (chunk, worker) -> {
            long end = Math.min(count, (chunk + 1) * perChunk);
            for (long i = chunk * perChunk; i < end; i++) {
                item.run(i, worker);
            }
        });
    }

    /**
     * Splits {@code count} items of {@code costEach} operations into chunks.
     *
     * @return items per chunk: a function of the work alone, never of the number of threads
     */
    static long chunkSize(long count, double costEach) {
        long least = Math.max(1, (long) Math.ceil(WORTH_SHARING / Math.max(costEach, 1e-3)));
        return Math.max(least, (count + 63) / 64);
    }

    private void help(int worker) {
        Job last = null;
        int idle = 0;
        while (!closing) {
            Job job = current;
            if (job != null && job != last) {
                job.work(worker);
                last = job;
                idle = 0;
            } else if (++idle < SPINS_BEFORE_SLEEP) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                idle = 0;
            }
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closing = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        for (Thread helper : helpers) {
            join(helper);
        }
        for (Scratch memory : scratch) {
            memory.close();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Job {
        private final int chunks;
        private final ChunkBody body;
        private final boolean backwards;
        private final AtomicIntegerArray next;
        private final AtomicInteger done = new AtomicInteger();
        private volatile Throwable failure;

        Job(int chunks, int threads, boolean backwards, ChunkBody body) {
            this.chunks = chunks;
            this.backwards = backwards;
            this.body = body;
            next = new AtomicIntegerArray(threads);
            for (int i = 0; i < threads; i++) {
                next.set(i, share(i));
            }
        }

        /** Where a thread's share of the chunks begins. */
        private int share(int thread) {
            return (int) ((long) chunks * thread / next.length());
        }

        /** First the thread's own share, then what is left of the others'. */
        void work(int worker) {
            for (int i = 0; i < next.length(); i++) {
                workOn((worker + i) % next.length(), worker);
            }
        }

        private void workOn(int share, int worker) {
            int first = share(share);
            int end = share(share + 1);
            for (int i = next.getAndIncrement(share); i < end; i = next.getAndIncrement(share)) {
                try {
                    body.run(backwards ? first + end - 1 - i : i, worker);
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                done.incrementAndGet();
            }
        }

        void await() {
            int spins = 0;
            while (done.get() < chunks) {
                if (++spins < SPINS_BEFORE_SLEEP) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        }

        void rethrow() {
            switch (failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> {
                }
            }
        }
    }
}
