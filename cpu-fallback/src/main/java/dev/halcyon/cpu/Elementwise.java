package dev.halcyon.cpu;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;

/** Operations that treat every element alike, in runs of neighbours. */
final class Elementwise {
    /** Elements of one chunk: enough to pay for sharing, few enough for the first-level cache to stay useful. */
    private static final long CHUNK = 16_384;
    /** Rows shorter than this cost more than their elements. */
    private static final long LONG_ROW = 1024;

    private final Workers workers;
    private final RowKernels rows = Vectorization.rows();
    private final Scratch lines = new Scratch();

    Elementwise(Workers workers) {
        this.workers = workers;
    }

    /** Something done to elements [first, first + count). */
    @FunctionalInterface
    interface Run {
        void over(long first, long count);
    }

    void runs(long elements, Run run) {
        workers.run(Math.toIntExact((elements + CHUNK - 1) / CHUNK), (chunk, worker) -> {
            long first = chunk * CHUNK;
            run.over(first, Math.min(CHUNK, elements - first));
        });
    }

    void unary(Unary op, View x, View y) {
        long from = Memory.address(x);
        long to = Memory.address(y);
        runs(x.elements(), (first, count) -> rows.unary(op, from + 4 * first, to + 4 * first, count));
    }

    void unaryGradient(Unary op, View saved, View dy, View dx) {
        long s = Memory.address(saved);
        long g = Memory.address(dy);
        long to = Memory.address(dx);
        runs(dy.elements(),
                (first, count) -> rows.unaryGradient(op, s + 4 * first, g + 4 * first, to + 4 * first, count));
    }

    void scaleAdd(double alpha, View x, double beta, View y) {
        long from = Memory.address(x);
        long to = Memory.address(y);
        runs(x.elements(), (first, count) -> rows.scaleAdd((float) alpha, from + 4 * first, (float) beta,
                to + 4 * first, count));
    }

    void binary(Binary op, View a, View b, View y) {
        if (a.elements() == y.elements() && b.elements() == y.elements()) {
            same(op, a, 1, b, 1, y);
        } else if (b.elements() == 1 && a.elements() == y.elements()) {
            same(op, a, 1, b, 0, y);
        } else if (a.elements() == 1 && b.elements() == y.elements()) {
            same(op, a, 0, b, 1, y);
        } else {
            broadcast(op, a, b, y);
        }
    }

    private void same(Binary op, View a, int aStep, View b, int bStep, View y) {
        long left = Memory.address(a);
        long right = Memory.address(b);
        long to = Memory.address(y);
        runs(y.elements(), (first, count) -> rows.binary(op, left + 4 * first * aStep, aStep,
                right + 4 * first * bStep, bStep, to + 4 * first, count));
    }

    /** Row by row of the innermost axis. A short row b that is added again and again is lined up to a long one first. */
    private void broadcast(Binary op, View a, View b, View y) {
        Broadcast plan = Broadcast.of(a, b, y);
        long left = Memory.address(a);
        long right = Memory.address(b);
        long to = Memory.address(y);
        long width = plan.width();
        if (plan.repeatsB() && width < LONG_ROW) {
            long repeats = LONG_ROW / width;
            long row = repeats * width;
            long table = lines.request(4 * row);
            for (long i = 0; i < repeats; i++) {
                Memory.copy(right, table + 4 * i * width, 4 * width);
            }
            eachRow(y.elements(), row, (start, count) -> rows.binary(op, left + 4 * start, 1, table, 1,
                    to + 4 * start, count));
        } else {
            eachRow(y.elements(), width, (start, count) -> rows.binary(op,
                    left + 4 * plan.aOffset(start / width), plan.aStep(),
                    right + 4 * plan.bOffset(start / width), plan.bStep(), to + 4 * start, count));
        }
    }

    /** Rows of {@code width} elements, the last of which may be shorter. */
    private void eachRow(long elements, long width, Run run) {
        long perChunk = Math.max(1, CHUNK / width) * width;
        workers.run(Math.toIntExact((elements + perChunk - 1) / perChunk), (chunk, worker) -> {
            long end = Math.min(elements, (chunk + 1) * perChunk);
            for (long start = chunk * perChunk; start < end; start += width) {
                run.over(start, Math.min(width, end - start));
            }
        });
    }

    /** Elements from one index to the next along each axis of {@code to}; 0 where {@code from} is stretched. */
    static long[] steps(Shape from, Shape to) {
        long[] steps = new long[to.rank()];
        long step = 1;
        for (int axis = 1; axis <= from.rank(); axis++) {
            long extent = from.extent(-axis);
            steps[to.rank() - axis] = extent == 1 ? 0 : step;
            step *= extent;
        }
        return steps;
    }

    /** One chunk by doubling what is there; the others are copies of it. */
    void fill(View y, double value) {
        long to = Memory.address(y);
        if (value == 0) {
            runs(y.bytes(), (first, count) -> Memory.clear(to + first, count));
            return;
        }
        int size = y.type().bytes();
        long pattern = Math.min(CHUNK, y.elements());
        Elements.set(y.type(), to, 0, value);
        for (long done = 1; done < pattern; done *= 2) {
            Memory.copy(to, to + size * done, size * Math.min(done, pattern - done));
        }
        if (y.elements() > CHUNK) {
            runs(y.elements() - CHUNK, (first, count) -> Memory.copy(to, to + size * (CHUNK + first), size * count));
        }
    }

    void cast(View x, View y) {
        long from = Memory.address(x);
        long to = Memory.address(y);
        runs(x.elements(), (first, count) -> Casts.convert(x.type(), from + first * x.type().bytes(), y.type(),
                to + first * y.type().bytes(), count));
    }

    void close() {
        lines.close();
    }
}
