package dev.halcyon.cpu;

import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;

/** Softmax and the loss that goes with it, a row at a time, while the row is in the cache. */
final class SoftmaxRows {
    private final Workers workers;
    private final RowKernels rows = Vectorization.rows();

    SoftmaxRows(Workers workers) {
        this.workers = workers;
    }

    /** Something done to one row by one worker. */
    @FunctionalInterface
    private interface Row {
        void run(long line, int worker);
    }

    private void eachRow(long lines, long width, Row row) {
        long perChunk = Workers.chunkSize(lines, 16.0 * width);
        workers.run(Math.toIntExact((lines + perChunk - 1) / perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                row.run(line, worker);
            }
        });
    }

    void softmax(View x, View y) {
        long width = x.extent(-1);
        eachRow(x.elements() / width, width, (line, worker) -> {
            long to = Memory.address(y) + 4 * line * width;
            double sum = exponentials(Memory.address(x) + 4 * line * width, to, width);
            rows.scaleAdd((float) (1 / sum), to, 0, to, width);
        });
    }

    /** to = e^(from - max), and its sum. */
    private double exponentials(long from, long to, long width) {
        float max = rows.max(from, width);
        for (long i = 0; i < 4 * width; i += 4) {
            Memory.setFloat(to + i, Memory.getFloat(from + i) - max);
        }
        rows.unary(Unary.EXP, to, to, width);
        return rows.sum(to, width);
    }

    void gradient(View y, View dy, View dx) {
        long width = y.extent(-1);
        eachRow(y.elements() / width, width, (line, worker) -> {
            long offset = 4 * line * width;
            double mean = rows.dot(Memory.address(y) + offset, Memory.address(dy) + offset, width);
            for (long i = offset; i < offset + 4 * width; i += 4) {
                double difference = Memory.getFloat(Memory.address(dy) + i) - mean;
                Memory.setFloat(Memory.address(dx) + i, (float) (Memory.getFloat(Memory.address(y) + i) * difference));
            }
        });
    }

    void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        long width = logits.extent(1);
        eachRow(logits.extent(0), width, (line, worker) -> {
            long x = Memory.address(logits) + 4 * line * width;
            long p = Memory.address(gradient) + 4 * line * width;
            float max = rows.max(x, width);
            double sum = exponentials(x, p, width);
            rows.scaleAdd((float) (1 / sum), p, 0, p, width);
            double offset = max + Math.log(sum);
            Memory.setFloat(Memory.address(losses) + 4 * line,
                    (float) subtractTargets(d, targets, weights, line, x, p, width, offset));
        });
    }

    /** p becomes p Σ w q - w q; returns Σ w q (offset - x). */
    private static double subtractTargets(CrossEntropy d, View targets, View weights, long line, long x, long p,
            long width, double offset) {
        double loss = 0;
        double total = 0;
        boolean plain = weights == null && targets.type() == DataType.INT64 && d.labelSmoothing() == 0;
        if (plain) {
            long label = Memory.getLong(Memory.address(targets) + 8 * line);
            Memory.setFloat(p + 4 * label, Memory.getFloat(p + 4 * label) - 1);
            return offset - Memory.getFloat(x + 4 * label);
        }
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
