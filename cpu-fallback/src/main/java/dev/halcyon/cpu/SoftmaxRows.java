package dev.halcyon.cpu;

import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;

/**
 * Softmax and the loss that goes with it, while a row is in the cache. Short rows are taken as many at a time as a vector
 * has lanes, a lane each.
 */
final class SoftmaxRows {
    /** Operations that an element takes, about. */
    private static final double COST = 16;

    /** Up to this width, turning rows into lanes costs less than sums over lanes. */
    private static final long NARROW = 128;

    private final Workers workers;
    private final RowKernels rows = Vectorization.rows();
    private final FeatureKernels features = Vectorization.features();

    SoftmaxRows(Workers workers) {
        this.workers = workers;
    }

    void softmax(View x, View y) {
        eachRow(x, y, (_, _, _) -> {
        });
    }

    /** Something done to a row of probabilities. */
    @FunctionalInterface
    private interface Row {
        /**
         * Does it.
         *
         * @param line number of the row
         * @param max the largest element of x
         * @param sum Σ e^(x - max)
         */
        void run(long line, float max, double sum);
    }

    /** y = softmax(x), and what follows for each row. */
    private void eachRow(View x, View y, Row body) {
        long width = x.extent(-1);
        long lines = x.elements() / width;
        long from = Memory.address(x);
        long to = Memory.address(y);
        if (width > NARROW) {
            workers.forEach(lines, COST * width, (line, _) -> {
                long row = 4 * line * width;
                float max = rows.max(from + row, width);
                double sum = features.exponentials(from + row, max, to + row, width);
                rows.scaleAdd((float) (1 / sum), to + row, 0, to + row, width);
                body.run(line, max, sum);
            });
            return;
        }
        int lanes = Vectorization.lanes();
        workers.forEach(Math.ceilDiv(lines, lanes), COST * width * lanes, (group, worker) -> {
            long first = group * lanes;
            int count = (int) Math.min(lanes, lines - first);
            long table = workers.scratch(worker).request(4 * (width + 2) * lanes);
            long max = table + 4 * width * lanes;
            long sum = max + 4L * lanes;
            TileKernels tiles = Vectorization.tiles();
            tiles.transpose(from + 4 * first * width, 4 * width, count, (int) width, table, 4L * lanes);
            features.softmaxOfLanes(table, (int) width, max, sum);
            tiles.transpose(table, 4L * lanes, (int) width, count, to + 4 * first * width, 4 * width);
            for (int i = 0; i < count; i++) {
                body.run(first + i, Memory.getFloat(max + 4L * i), Memory.getFloat(sum + 4L * i));
            }
        });
    }

    void gradient(View y, View dy, View dx) {
        long width = y.extent(-1);
        workers.forEach(y.elements() / width, COST * width, (line, _) -> {
            long value = Memory.address(y) + 4 * line * width;
            long error = Memory.address(dy) + 4 * line * width;
            double mean = rows.dot(value, error, width);
            features.softmaxGradient(value, error, (float) mean, Memory.address(dx) + 4 * line * width, width);
        });
    }

    void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        long width = logits.extent(1);
        boolean labels = weights == null && targets.type() == DataType.INT64;
        eachRow(logits, gradient, (line, max, sum) -> {
            long x = Memory.address(logits) + 4 * line * width;
            long p = Memory.address(gradient) + 4 * line * width;
            double loss = labels
                    ? subtractLabel(d, Memory.getLong(Memory.address(targets) + 8 * line), x, p, width, max,
                            Math.log(sum))
                    : subtractTargets(d, targets, weights, line, x, p, width, max + Math.log(sum));
            Memory.setFloat(Memory.address(losses) + 4 * line, (float) loss);
        });
    }

    /** p becomes p - q, for q of a label with smoothing s; returns ln Σ e^(x - max) - Σ q (x - max). */
    private double subtractLabel(CrossEntropy d, long label, long x, long p, long width, float max,
            double logarithm) {
        double share = d.labelSmoothing() / width;
        double expected = (1 - d.labelSmoothing()) * (Memory.getFloat(x + 4 * label) - (double) max);
        if (share != 0) {
            expected += share * features.deviations(x, max, width);
            subtract(p, (float) share, width);
        }
        Memory.setFloat(p + 4 * label, (float) (Memory.getFloat(p + 4 * label) - (1 - d.labelSmoothing())));
        return logarithm - expected;
    }

    private static void subtract(long p, float share, long width) {
        for (long i = 0; i < 4 * width; i += 4) {
            Memory.setFloat(p + i, Memory.getFloat(p + i) - share);
        }
    }

    /** p becomes p Σ w q - w q; returns Σ w q (offset - x). */
    private static double subtractTargets(CrossEntropy d, View targets, View weights, long line, long x, long p,
            long width, double offset) {
        double loss = 0;
        double total = 0;
        for (long c = 0; c < width; c++) {
            double share = share(d, targets, weights, line, c, width);
            total += share;
            loss += share * (offset - Memory.getFloat(x + 4 * c));
        }
        for (long c = 0; c < width; c++) {
            double share = share(d, targets, weights, line, c, width);
            Memory.setFloat(p + 4 * c, (float) (Memory.getFloat(p + 4 * c) * total - share));
        }
        return loss;
    }

    /** w q of one class. */
    private static double share(CrossEntropy d, View targets, View weights, long line, long c, long width) {
        double target = targets.type() == DataType.INT64
                ? Memory.getLong(Memory.address(targets) + 8 * line) == c ? 1 : 0
                : Memory.getFloat(Memory.address(targets) + 4 * (line * width + c));
        double smoothed = (1 - d.labelSmoothing()) * target + d.labelSmoothing() / width;
        return weights == null ? smoothed : smoothed * Memory.getFloat(Memory.address(weights) + 4 * c);
    }
}
