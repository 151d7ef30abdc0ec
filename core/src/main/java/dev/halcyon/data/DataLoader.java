package dev.halcyon.data;

import dev.halcyon.random.RandomStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Makes batches of a dataset, on worker threads ahead of the training step. Order and content depend on the seed and
 * the epoch alone, not on the number of workers. At most {@code prefetch} batches are held at a time.
 *
 * <p>An image that cannot be read is left out of its batch and reported in {@link #skipped}.
 */
public final class DataLoader implements AutoCloseable {
    private final Dataset dataset;
    private final Settings settings;
    private final BatchMaker maker;
    private final ExecutorService workers;
    private final Set<String> skipped = Collections.synchronizedSet(new TreeSet<>());
    private final List<BatchMaker.Slot> slots = new ArrayList<>();
    private final Deque<BatchMaker.Slot> free = new ArrayDeque<>();

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

    private BatchMaker.Slot takeSlot() {
        if (free.isEmpty()) {
            BatchMaker.Slot slot = new BatchMaker.Slot();
            slots.add(slot);
            return slot;
        }
        return free.pop();
    }

    /** Ends the worker threads and gives the batches' memory back. */
    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
        free.clear();
        slots.forEach(BatchMaker.Slot::close);
        slots.clear();
    }

    /**
     * One pass over the data, by one thread. A batch is valid until the next call of {@link #next} or {@link #close}.
     * Close it before its end to stop the workers' running ahead.
     */
    public final class Epoch implements Iterator<HostBatch>, AutoCloseable {
        private final int epoch;
        private final int[] order;
        private final Deque<Pending> ahead = new ArrayDeque<>();
        private BatchMaker.Slot handedOut;
        private int nextStarted;
        private volatile boolean closed;

        private Epoch(int epoch, int[] order, int firstBatch) {
            this.epoch = epoch;
            this.order = order;
            this.nextStarted = firstBatch;
            startSome();
        }

        private void startSome() {
            while (nextStarted < batches() && ahead.size() < settings.prefetch) {
                int first = nextStarted * settings.batchSize;
                int end = Math.min(order.length, first + settings.batchSize);
                BatchMaker.Slot slot = takeSlot();
                FutureTask<Void> task = new FutureTask<>(() -> {
                    if (!closed) {
                        maker.fill(slot, epoch, order, first, end);
                    }
                    return null;
                });
                ahead.add(new Pending(slot, task));
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
            takeBack();
            Pending oldest = ahead.poll();
            handedOut = oldest.slot;
            oldest.await(workers == null);
            startSome();
            return handedOut.batch();
        }

        private void takeBack() {
            if (handedOut != null) {
                free.push(handedOut);
                handedOut = null;
            }
        }

        /** Forgets the batches made ahead, and waits for those that are being made. */
        @Override
        public void close() {
            closed = true;
            nextStarted = batches();
            takeBack();
            for (Pending pending : ahead) {
                pending.settle(workers == null);
                free.push(pending.slot);
            }
            ahead.clear();
        }
    }

    /** A batch that is being made, and the memory it is made in. */
    private record Pending(BatchMaker.Slot slot, FutureTask<Void> task) {
        void await(boolean here) {
            if (here) {
                task.run();
            }
            try {
                task.get();
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

        /** Waits until nobody writes into the memory any more; what came of it does not matter. */
        void settle(boolean here) {
            boolean interrupted = false;
            while (!here && !task.isDone()) {
                try {
                    task.get();
                } catch (ExecutionException e) {
                    continue;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
