package dev.halcyon.cpu;

import dev.halcyon.device.Reduce;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;

/**
 * Reductions. Axes next to each other that are all folded, or all kept, count as one. Folding the innermost axis sums
 * rows; folding the outer ones adds rows to each other; anything else goes through the first in slices.
 */
final class Reductions {
    private static final long ROWS_PER_PART = 2048;
    private static final long ELEMENTS_PER_PART = 65_536;

    private final Workers workers;
    private final RowKernels rows = Vectorization.rows();
    private final Scratch parts = new Scratch();

    Reductions(Workers workers) {
        this.workers = workers;
    }

    void reduce(Reduce d, View x, View y) {
        int innermost = x.shape().rank() - 1;
        boolean all = y.elements() == 1;
        boolean keepsOnlyInnermost = y.elements() == x.extent(innermost) && y.extent(innermost) == y.elements();
        if (all) {
            whole(d, x, y);
        } else if (keepsOnlyInnermost && d.kind() != Reduce.Kind.MAX) {
            columns(d, x, y);
        } else if (foldsOnlyInnermost(x.shape(), y.shape())) {
            rows(d, x, y);
        } else {
            general(d, x, y);
        }
    }

    private static boolean foldsOnlyInnermost(Shape x, Shape y) {
        int innermost = x.rank() - 1;
        return y.extent(innermost) == 1 && y.elements() == x.product(0, innermost);
    }

    private void whole(Reduce d, View x, View y) {
        long elements = x.elements();
        int count = Math.toIntExact((elements + ELEMENTS_PER_PART - 1) / ELEMENTS_PER_PART);
        long partials = parts.request(8L * count);
        workers.run(count, (part, worker) -> {
            long first = part * ELEMENTS_PER_PART;
            long address = Memory.address(x) + 4 * first;
            Memory.setDouble(partials + 8L * part, fold(d.kind(), address, Math.min(ELEMENTS_PER_PART,
                    elements - first)));
        });
        double result = Memory.getDouble(partials);
        for (int part = 1; part < count; part++) {
            double next = Memory.getDouble(partials + 8L * part);
            result = d.kind() == Reduce.Kind.MAX ? Math.max(result, next) : result + next;
        }
        write(d, Memory.address(y), result, elements);
    }

    private double fold(Reduce.Kind kind, long row, long n) {
        return switch (kind) {
            case SUM, MEAN -> rows.sum(row, n);
            case SUM_OF_SQUARES -> rows.dot(row, row, n);
            case MAX -> rows.max(row, n);
        };
    }

    private static void write(Reduce d, long address, double folded, long count) {
        double result = d.kind() == Reduce.Kind.MEAN ? folded / count : folded;
        Memory.setFloat(address, (float) (d.accumulate() ? Memory.getFloat(address) + result : result));
    }

    private void rows(Reduce d, View x, View y) {
        long width = x.extent(-1);
        long lines = y.elements();
        long perChunk = Workers.chunkSize(lines, width);
        workers.run(Math.toIntExact((lines + perChunk - 1) / perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                write(d, Memory.address(y) + 4 * line, fold(d.kind(), Memory.address(x) + 4 * line * width, width),
                        width);
            }
        });
    }

    /** Sums of columns: parts of the rows in float lanes, the parts in double precision in their order. */
    private void columns(Reduce d, View x, View y) {
        int channels = Math.toIntExact(y.elements());
        long lines = x.elements() / channels;
        int count = Math.toIntExact((lines + ROWS_PER_PART - 1) / ROWS_PER_PART);
        long origin = parts.request(4L * channels * (2L * count + 1));
        Memory.clear(origin, 4L * channels);
        long sums = origin + 4L * channels;
        workers.run(count, (part, worker) -> {
            long first = part * ROWS_PER_PART;
            long target = sums + 8L * channels * part;
            Vectorization.channels().moments(Memory.address(x) + 4 * first * channels,
                    Math.min(ROWS_PER_PART, lines - first), channels, origin, target, target + 4L * channels);
        });
        long wanted = d.kind() == Reduce.Kind.SUM_OF_SQUARES ? 4L * channels : 0;
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int part = 0; part < count; part++) {
                sum += Memory.getFloat(sums + 8L * channels * part + wanted + 4L * c);
            }
            write(d, Memory.address(y) + 4L * c, sum, lines);
        }
    }

    /** Any axes: each output element folds the rows of x that belong to it, one after the other. */
    private void general(Reduce d, View x, View y) {
        Shape shape = x.shape();
        long[] ySteps = Elementwise.steps(y.shape(), shape);
        int innermost = shape.rank() - 1;
        long width = shape.extent(innermost);
        boolean folded = y.extent(innermost) == 1;
        long accumulators = parts.request(8 * y.elements());
        double start = d.kind() == Reduce.Kind.MAX ? Double.NEGATIVE_INFINITY : 0;
        for (long i = 0; i < y.elements(); i++) {
            Memory.setDouble(accumulators + 8 * i, start);
        }
        for (long line = 0; line < x.elements() / width; line++) {
            long target = Elementwise.offset(line, shape, ySteps);
            long row = Memory.address(x) + 4 * line * width;
            for (long i = 0; i < (folded ? 1 : width); i++) {
                long place = accumulators + 8 * (target + i);
                double value = fold(d.kind(), row + 4 * i, folded ? width : 1);
                double old = Memory.getDouble(place);
                Memory.setDouble(place, d.kind() == Reduce.Kind.MAX ? Math.max(old, value) : old + value);
            }
        }
        for (long i = 0; i < y.elements(); i++) {
            write(d, Memory.address(y) + 4 * i, Memory.getDouble(accumulators + 8 * i),
                    x.elements() / y.elements());
        }
    }

    void argMax(View x, View y) {
        long width = x.extent(-1);
        long lines = x.elements() / width;
        for (long line = 0; line < lines; line++) {
            Memory.setLong(Memory.address(y) + 8 * line,
                    largest(Memory.address(x) + 4 * line * width, width, Float.POSITIVE_INFINITY, -1));
        }
    }

    void topK(View x, View values, View indices) {
        long width = x.extent(1);
        long wanted = values.extent(1);
        for (long line = 0; line < x.extent(0); line++) {
            long row = Memory.address(x) + 4 * line * width;
            float bound = Float.NaN;
            long after = -1;
            for (long k = 0; k < wanted; k++) {
                after = largest(row, width, bound, after);
                bound = Memory.getFloat(row + 4 * after);
                Memory.setFloat(Memory.address(values) + 4 * (line * wanted + k), bound);
                Memory.setLong(Memory.address(indices) + 8 * (line * wanted + k), after);
            }
        }
    }

    /**
     * The first of the largest elements among those that come behind element {@code after} of value {@code bound} in
     * descending order; among all if {@code after} is -1. NaN counts as the largest.
     */
    private static long largest(long row, long width, float bound, long after) {
        long best = -1;
        for (long i = 0; i < width; i++) {
            float value = Memory.getFloat(row + 4 * i);
            boolean eligible = after < 0 || descending(bound, after, value, i);
            if (eligible && (best < 0 || descending(value, i, Memory.getFloat(row + 4 * best), best))) {
                best = i;
            }
        }
        return best;
    }

    private static boolean descending(float a, long aIndex, float b, long bIndex) {
        int order = Float.compare(b + 0f, a + 0f);
        return order < 0 || order == 0 && aIndex < bIndex;
    }

    void close() {
        parts.close();
    }
}
