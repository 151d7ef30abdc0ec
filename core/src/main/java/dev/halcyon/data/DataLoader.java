package dev.halcyon.data;

import dev.halcyon.random.RandomStream;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Makes batches of a dataset, on worker threads ahead of the training step. Order and content depend on the seed and the
 * epoch alone, not on the number of workers. At most {@code prefetch} batches are held at a time.
 *
 * <p>An image that cannot be read is left out of its batch and reported in {@link #skipped}.
 */
public final class DataLoader implements AutoCloseable {
    private final Dataset dataset;
    private final Settings settings;
    private final BatchMaker maker;
    private final ExecutorService workers;
    private final Set<String> skipped = Collections.synchronizedSet(new TreeSet<>());

    /**
     * How batches are made.
     *
     * @param batchSize images in a batch, at least 1
     * @param shuffle whether every epoch has an order of its own; else the dataset's
     * @param seed of order and transforms
     * @param workers threads; 0 to work in the caller's
     * @param prefetch batches made ahead, at least 1
     * @param strict whether an unreadable image is an error
     */
    public record Settings(int batchSize, boolean shuffle, long seed, int workers, int prefetch, boolean strict) {
        /** Checks the ranges. */
        public Settings {
            if (batchSize < 1 || workers < 0 || prefetch < 1) {
                throw new IllegalArgumentException("data loader: expected a batch size and prefetch of at least 1 and"
                        + " workers of at least 0, found " + batchSize + ", " + prefetch + " and " + workers);
            }
        }

        /** Shuffled batches, one worker, two batches ahead. */
        public static Settings training(int batchSize, long seed) {
            return new Settings(batchSize, true, seed, 1, 2, false);
        }

        /** Batches in the dataset's order. */
        public static Settings evaluation(int batchSize) {
            return new Settings(batchSize, false, 0, 1, 2, false);
        }

        /** These settings with another number of worker threads. */
        public Settings withWorkers(int count) {
            return new Settings(batchSize, shuffle, seed, count, Math.max(2, count), strict);
        }

        /** These settings with unreadable images being errors, or not. */
        public Settings strict(boolean on) {
            return new Settings(batchSize, shuffle, seed, workers, prefetch, on);
        }
    }

    /** A loader; its threads run until {@link #close}. */
    public DataLoader(Dataset dataset, List<? extends Transform> transforms, Settings settings) {
        if (dataset.size() < 1) {
            throw new DataException("data loader: expected at least one image, found none");
        }
        this.dataset = dataset;
        this.settings = settings;
        this.maker = new BatchMaker(dataset, List.copyOf(transforms), settings, skipped);
        AtomicInteger number = new AtomicInteger();
        workers = settings.workers == 0
                ? null
                : Executors.newFixedThreadPool(settings.workers, body -> Thread.ofPlatform().daemon()
                        .name("halcyon-data-" + number.incrementAndGet()).unstarted(body));
    }

    /** Batches in an epoch. */
    public int batches() {
        return (dataset.size() + settings.batchSize - 1) / settings.batchSize;
    }

    /** Names of images that could not be read so far, with the reason. */
    public Set<String> skipped() {
        synchronized (skipped) {
            return Set.copyOf(skipped);
        }
    }

    /** The batches of an epoch. */
    public Epoch epoch(int epoch) {
        return epoch(epoch, 0);
    }

    /** The batches of an epoch from number {@code firstBatch} on: what a resumed run still has to see of it. */
    public Epoch epoch(int epoch, int firstBatch) {
        int[] order = settings.shuffle
                ? RandomStream.of(settings.seed, RandomStream.stream("shuffle", epoch, 0)).permutation(dataset.size())
                : IntStream.range(0, dataset.size()).toArray();
        return new Epoch(epoch, order, firstBatch);
    }

    /** Ends the worker threads. */
    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
    }

    /**
     * One pass over the data. A batch is valid until the next call of {@link #next}. Close it before its end to stop
     * the workers' running ahead.
     */
    public final class Epoch implements Iterator<HostBatch>, AutoCloseable {
        private final int epoch;
        private final int[] order;
        private final Deque<Future<BatchMaker.Slot>> ahead = new ArrayDeque<>();
        private final Deque<BatchMaker.Slot> free = new ArrayDeque<>();
        private BatchMaker.Slot handedOut;
        private int nextStarted;

        private Epoch(int epoch, int[] order, int firstBatch) {
            this.epoch = epoch;
            this.order = order;
            this.nextStarted = firstBatch;
            for (int i = 0; i <= settings.prefetch; i++) {
                free.add(new BatchMaker.Slot());
            }
            startSome();
        }

        private void startSome() {
            while (nextStarted < batches() && ahead.size() < settings.prefetch) {
                int first = nextStarted * settings.batchSize;
                int end = Math.min(order.length, first + settings.batchSize);
                BatchMaker.Slot slot = free.pop();
                FutureTask<BatchMaker.Slot> task = new FutureTask<>(() -> {
                    maker.fill(slot, epoch, order, first, end);
                    return slot;
                });
                ahead.add(task);
                if (workers != null) {
                    workers.execute(task);
                }
                nextStarted++;
            }
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        /**
         * The next batch.
         *
         * @throws DataException if images of a batch differ in size, or with strict settings one cannot be read
         */
        @Override
        public HostBatch next() {
            if (ahead.isEmpty()) {
                throw new NoSuchElementException("the epoch has no more batches");
            }
            if (handedOut != null) {
                free.push(handedOut);
            }
            Future<BatchMaker.Slot> oldest = ahead.poll();
            if (workers == null) {
                ((FutureTask<?>) oldest).run();
            }
            handedOut = await(oldest);
            startSome();
            return handedOut.batch();
        }

        private static BatchMaker.Slot await(Future<BatchMaker.Slot> task) {
            try {
                return task.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case RuntimeException cause -> throw cause;
                    case Error cause -> throw cause;
                    default -> throw new IllegalStateException(e.getCause());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a batch", e);
            }
        }

        /** Forgets the batches made ahead. */
        @Override
        public void close() {
            nextStarted = batches();
            for (Future<BatchMaker.Slot> task : ahead) {
                if (workers != null && !task.cancel(false)) {
                    await(task);
                }
            }
            ahead.clear();
        }
    }
}
