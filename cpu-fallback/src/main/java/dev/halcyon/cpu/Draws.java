package dev.halcyon.cpu;

import dev.halcyon.device.Random;
import dev.halcyon.device.View;
import dev.halcyon.random.Philox;

/** Random numbers. Every element's draw follows from its index, so chunks are independent of each other. */
final class Draws {
    /** Words made at once; a multiple of four that fits the first-level cache. */
    private static final long CHUNK = 4096;

    private final Workers workers;
    private final DrawKernels kernels = Vectorization.draws();

    Draws(Workers workers) {
        this.workers = workers;
    }

    /** Something made of the words for elements [first, first + count). */
    @FunctionalInterface
    private interface Use {
        void of(long words, long first, long count);
    }

    private void eachChunk(Random d, long elements, Use use) {
        workers.run(Math.toIntExact((elements + CHUNK - 1) / CHUNK), (chunk, worker) -> {
            long first = chunk * CHUNK;
            long count = Math.min(CHUNK, elements - first);
            long words = workers.scratch(worker).request(4 * CHUNK);
            kernels.words(d.seed(), d.stream(), (d.offset() + first) / 4, (count + 3) / 4, words);
            use.of(words, first, count);
        });
    }

    void random(Random d, View y) {
        long to = Memory.address(y);
        int threshold = Philox.threshold(d.probability());
        eachChunk(d, y.elements(), switch (d.distribution()) {
            case UNIFORM -> (words, first, count) -> kernels.uniform(words, to + 4 * first, count);
            case BERNOULLI -> (words, first, count) -> kernels.bernoulli(words, threshold, to + 4 * first, count);
            case NORMAL -> (words, first, count) -> normal(words, to + 4 * first, count);
        });
    }

    private static void normal(long words, long y, long n) {
        for (long i = 0; i < n; i += 2) {
            int even = Memory.getInt(words + 4 * i);
            int odd = Memory.getInt(words + 4 * i + 4);
            Memory.setFloat(y + 4 * i, (float) Philox.cosineGaussian(even, odd));
            if (i + 1 < n) {
                Memory.setFloat(y + 4 * i + 4, (float) Philox.sineGaussian(even, odd));
            }
        }
    }

    void dropout(Random keep, View x, View y) {
        long from = Memory.address(x);
        long to = Memory.address(y);
        int threshold = Philox.threshold(keep.probability());
        float scale = (float) (1 / keep.probability());
        eachChunk(keep, y.elements(), (words, first, count) -> kernels.dropout(words, threshold, scale,
                from + 4 * first, to + 4 * first, count));
    }
}
