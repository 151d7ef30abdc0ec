package dev.halcyon.cpu;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;

/**
 * Reductions. Neighbouring axes that are all folded, or all kept, count as one. They are folded one by one from the
 * innermost on, each time as [outer, folded, inner]: rows where inner is 1, sums of rows otherwise. Which elements meet
 * in which order follows from the shapes alone.
 */
final class Reductions {
    private static final long ROW_PART = 65_536;
    /** Rows longer than this are added up in blocks of columns. */
    private static final long WIDE = 4096;

    private final Workers workers;
    private final RowKernels rows = Vectorization.rows();
    private final ChannelKernels channels = Vectorization.channels();
    private final Scratch parts = new Scratch();
    private final Scratch[] stages = {new Scratch(), new Scratch()};

    Reductions(Workers workers) {
        this.workers = workers;
    }

    void reduce(Reduce d, View x, View y) {
        Shape shape = x.shape();
        long from = Memory.address(x);
        Reduce.Kind kind = d.kind();
        long inner = 1;
        int stage = 0;
        int axis = shape.rank() - 1;
        boolean done = false;
        while (!done) {
            while (axis >= 0 && (y.extent(axis) != 1 || shape.extent(axis) == 1)) {
                inner *= shape.extent(axis--);
            }
            long folded = 1;
            while (axis >= 0 && y.extent(axis) == 1) {
                folded *= shape.extent(axis--);
            }
            long outer = shape.product(0, axis + 1);
            done = outer * inner == y.elements();
            long to = done ? Memory.address(y) : stages[stage++ % 2].request(4 * outer * inner);
            double factor = done && d.kind() == Reduce.Kind.MEAN
                    ? (double) y.elements() / x.elements() : 1;
            new Fold(kind, from, outer, folded, inner, to, factor, done && d.accumulate()).run();
            kind = kind == Reduce.Kind.MAX ? Reduce.Kind.MAX : Reduce.Kind.SUM;
            from = to;
        }
    }

    /** One axis folded: from [outer, folded, inner] to [outer, inner]. */
    private final class Fold {
        private final Reduce.Kind kind;
        private final long from;
        private final long outer;
        private final long folded;
        private final long inner;
        private final long to;
        private final double factor;
        private final boolean accumulate;

        Fold(Reduce.Kind kind, long from, long outer, long folded, long inner, long to, double factor,
                boolean accumulate) {
            this.kind = kind;
            this.from = from;
            this.outer = outer;
            this.folded = folded;
            this.inner = inner;
            this.to = to;
            this.factor = factor;
            this.accumulate = accumulate;
        }

        void run() {
            if (inner == 1 && folded > 2 * ROW_PART) {
                for (long row = 0; row < outer; row++) {
                    longRow(row);
                }
            } else if (inner == 1) {
                workers.forEach(outer, folded, (row, _) -> write(row, row(from + 4 * row * folded, folded)));
            } else if (inner > WIDE) {
                wideColumns();
            } else {
                columns();
            }
        }

        private void write(long place, double value) {
            double result = value * factor;
            long address = to + 4 * place;
            Memory.setFloat(address, (float) (accumulate ? Memory.getFloat(address) + result : result));
        }

        private double row(long row, long n) {
            return switch (kind) {
                case SUM, MEAN -> rows.sum(row, n);
                case SUM_OF_SQUARES -> rows.dot(row, row, n);
                case MAX -> rows.max(row, n);
            };
        }

        private void longRow(long row) {
            int count = Math.toIntExact((folded + ROW_PART - 1) / ROW_PART);
            long partials = parts.request(8L * count);
            workers.run(count, (part, worker) -> {
                long first = part * ROW_PART;
                Memory.setDouble(partials + 8L * part,
                        row(from + 4 * (row * folded + first), Math.min(ROW_PART, folded - first)));
            });
            double result = Memory.getDouble(partials);
            for (int part = 1; part < count; part++) {
                result = join(result, Memory.getDouble(partials + 8L * part));
            }
            write(row, result);
        }

        private double join(double a, double b) {
            return kind == Reduce.Kind.MAX ? Math.max(a, b) : a + b;
        }

        /** Blocks of long rows added to each other, one row after the other. */
        private void wideColumns() {
            long blocks = (inner + WIDE - 1) / WIDE;
            workers.run(Math.toIntExact(outer * blocks), (chunk, worker) -> {
                long first = chunk % blocks * WIDE;
                long n = Math.min(WIDE, inner - first);
                long start = from + 4 * (chunk / blocks * folded * inner + first);
                long sum = workers.scratch(worker).request(4 * WIDE);
                rows.binary(kind == Reduce.Kind.SUM_OF_SQUARES ? Binary.MULTIPLY : Binary.MAXIMUM, start, 1, start, 1,
                        sum, n);
                for (long row = 1; row < folded; row++) {
                    long next = start + 4 * row * inner;
                    switch (kind) {
                        case SUM, MEAN -> rows.addTo(next, sum, n);
                        case SUM_OF_SQUARES -> rows.multiplyAdd(next, next, sum, n);
                        case MAX -> rows.binary(Binary.MAXIMUM, next, 1, sum, 1, sum, n);
                    }
                }
                for (long i = 0; i < n; i++) {
                    write(chunk / blocks * inner + first + i, Memory.getFloat(sum + 4 * i));
                }
            });
        }

        /** Rows added to each other, in parts of as many rows as the shape says. */
        private void columns() {
            PixelRows pixels = PixelRows.of(Math.toIntExact(inner));
            PixelRows.Parts division = PixelRows.Parts.of(pixels, folded);
            int count = division.count();
            long partials = count == 1 ? 0 : parts.request(8 * outer * count * inner);
            long items = outer * count;
            workers.forEach(items, (double) Math.min(folded, division.each()) * inner,
                    (item, worker) -> part(pixels, division, item / count, (int) (item % count),
                            workers.scratch(worker).request(12 * pixels.width()), partials + 8 * item * inner));
            for (long row = 0; count > 1 && row < outer; row++) {
                for (long i = 0; i < inner; i++) {
                    long place = partials + 8 * (row * count * inner + i);
                    double result = Memory.getDouble(place);
                    for (int part = 1; part < count; part++) {
                        result = join(result, Memory.getDouble(place + 8 * part * inner));
                    }
                    write(row * inner + i, result);
                }
            }
        }

        private void part(PixelRows pixels, PixelRows.Parts division, long row, int part, long table, long target) {
            long width = pixels.width();
            long start = from + 4 * (row * folded + part * division.each()) * inner;
            long whole = division.size(part) / pixels.repeat();
            long rest = pixels.rest(division.size(part));
            long result = table;
            Memory.clear(table, 12 * width);
            switch (kind) {
                case SUM, MEAN -> {
                    channels.sums(start, whole, width, table);
                    channels.sums(start + 4 * whole * width, 1, rest, table);
                }
                case SUM_OF_SQUARES -> {
                    result = table + 8 * width;
                    channels.moments(start, whole, width, table, table + 4 * width, result);
                    channels.moments(start + 4 * whole * width, 1, rest, table, table + 4 * width, result);
                }
                case MAX -> {
                    for (long i = 0; i < width; i++) {
                        Memory.setFloat(table + 4 * i, Float.NEGATIVE_INFINITY);
                    }
                    channels.maxima(start, whole, width, table);
                    channels.maxima(start + 4 * whole * width, 1, rest, table);
                }
            }
            for (int i = 0; i < inner; i++) {
                double value = kind == Reduce.Kind.MAX ? pixels.largest(result, i) : pixels.fold(result, i);
                if (division.count() == 1) {
                    write(row * inner + i, value);
                } else {
                    Memory.setDouble(target + 8L * i, value);
                }
            }
        }
    }

    void argMax(View x, View y) {
        long width = x.extent(-1);
        long from = Memory.address(x);
        long to = Memory.address(y);
        workers.forEach(x.elements() / width, width, (line, _) -> {
            long row = from + 4 * line * width;
            Memory.setLong(to + 8 * line, indexOf(rows.max(row, width), row, width));
        });
    }

    /** The first element equal to the largest; if that is NaN, the first NaN. */
    private static long indexOf(float largest, long row, long width) {
        long i = 0;
        if (Float.isNaN(largest)) {
            while (!Float.isNaN(Memory.getFloat(row + 4 * i))) {
                i++;
            }
        } else {
            while (i < width - 1 && Memory.getFloat(row + 4 * i) != largest) {
                i++;
            }
        }
        return i;
    }

    void topK(View x, View values, View indices) {
        long width = x.extent(1);
        long wanted = values.extent(1);
        workers.forEach(x.extent(0), width, (line, _) -> {
            long best = Memory.address(values) + 4 * line * wanted;
            long places = Memory.address(indices) + 8 * line * wanted;
            for (long i = 0; i < width; i++) {
                insert(Memory.getFloat(Memory.address(x) + 4 * (line * width + i)), i, Math.min(i, wanted), wanted,
                        best, places);
            }
        });
    }

    /** Puts element i behind those of the {@code filled} best that are not less, if it is among the {@code wanted}. */
    private static void insert(float value, long i, long filled, long wanted, long best, long places) {
        long place = filled;
        while (place > 0 && greater(value, Memory.getFloat(best + 4 * (place - 1)))) {
            place--;
        }
        if (place == wanted) {
            return;
        }
        for (long k = Math.min(filled, wanted - 1); k > place; k--) {
            Memory.setFloat(best + 4 * k, Memory.getFloat(best + 4 * (k - 1)));
            Memory.setLong(places + 8 * k, Memory.getLong(places + 8 * (k - 1)));
        }
        Memory.setFloat(best + 4 * place, value);
        Memory.setLong(places + 8 * place, i);
    }

    /** NaN is greater than everything else. */
    private static boolean greater(float a, float b) {
        return a > b || Float.isNaN(a) && !Float.isNaN(b);
    }

    void close() {
        parts.close();
        for (Scratch stage : stages) {
            stage.close();
        }
    }
}
