package dev.halcyon.cpu;

import dev.halcyon.device.Binary;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.device.Random;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.random.Philox;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;

/** Operations that treat every element alike, in runs of neighbours. */
final class Elementwise {
    /** Elements of one chunk: enough to pay for sharing, few enough for the first-level cache to stay useful. */
    private static final long CHUNK = 16_384;
    private static final int PIXEL_VALUES = 256;

    private final Workers workers;
    private final RowKernels rows = Vectorization.rows();

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

    /** Row by row of the innermost axis; an operand's row is found by leaving out the axes along which it is 1. */
    private void broadcast(Binary op, View a, View b, View y) {
        long[] aSteps = steps(a.shape(), y.shape());
        long[] bSteps = steps(b.shape(), y.shape());
        int last = y.shape().rank() - 1;
        long width = y.extent(last);
        long lines = y.elements() / width;
        long perChunk = Math.max(1, CHUNK / width);
        workers.run(Math.toIntExact((lines + perChunk - 1) / perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                long left = Memory.address(a) + 4 * offset(line, y.shape(), aSteps);
                long right = Memory.address(b) + 4 * offset(line, y.shape(), bSteps);
                rows.binary(op, left, (int) aSteps[last], right, (int) bSteps[last],
                        Memory.address(y) + 4 * line * width, width);
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

    /** Where row number {@code line} of {@code shape}, counted without its innermost axis, lies by these steps. */
    static long offset(long line, Shape shape, long[] steps) {
        long offset = 0;
        long rest = line;
        for (int axis = shape.rank() - 2; axis >= 0; axis--) {
            offset += rest % shape.extent(axis) * steps[axis];
            rest /= shape.extent(axis);
        }
        return offset;
    }

    void fill(View y, double value) {
        long to = Memory.address(y);
        if (value == 0) {
            runs(y.bytes(), (first, count) -> Memory.clear(to + first, count));
            return;
        }
        DataType type = y.type();
        runs(y.elements(), (first, count) -> {
            for (long i = first; i < first + count; i++) {
                Elements.set(type, to, i, value);
            }
        });
    }

    void cast(View x, View y) {
        long from = Memory.address(x);
        long to = Memory.address(y);
        DataType source = x.type();
        DataType target = y.type();
        runs(x.elements(), (first, count) -> {
            for (long i = first; i < first + count; i++) {
                if (source == DataType.INT64 && !target.isFloating()) {
                    Elements.setWhole(target, to, i, Memory.getLong(from + 8 * i));
                } else {
                    Elements.set(target, to, i, Elements.get(source, from, i));
                }
            }
        });
    }

    /** One pass: each pixel value is looked up in a table per channel. */
    void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        int channels = (int) images.extent(3);
        float[] table = new float[PIXEL_VALUES * channels];
        for (int value = 0; value < PIXEL_VALUES; value++) {
            for (int c = 0; c < channels; c++) {
                table[value * channels + c] = (float) ((value / 255.0 - d.mean()[c]) / d.deviation()[c]);
            }
        }
        long lines = y.shape().product(0, 2);
        long perChunk = Math.max(1, CHUNK / (y.extent(2) * channels));
        workers.run(Math.toIntExact((lines + perChunk - 1) / perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                normalizeLine(table, images, placements, y, line);
            }
        });
    }

    private static void normalizeLine(float[] table, View images, View placements, View y, long line) {
        int channels = (int) images.extent(3);
        long image = line / y.extent(1);
        long place = Memory.address(placements) + 12 * image;
        long row = line % y.extent(1) + Memory.getInt(place);
        long left = Memory.getInt(place + 4);
        boolean mirrored = Memory.getInt(place + 8) == 1;
        boolean rowInside = row >= 0 && row < images.extent(1);
        long pixels = Memory.address(images) + (image * images.extent(1) + row) * images.extent(2) * channels;
        long to = Memory.address(y) + 4 * line * y.extent(2) * channels;
        for (long j = 0; j < y.extent(2); j++) {
            long column = left + (mirrored ? y.extent(2) - 1 - j : j);
            boolean inside = rowInside && column >= 0 && column < images.extent(2);
            for (int c = 0; c < channels; c++) {
                int value = inside ? Byte.toUnsignedInt(Memory.getByte(pixels + column * channels + c)) : 0;
                Memory.setFloat(to, table[value * channels + c]);
                to += 4;
            }
        }
    }

    void random(Random d, View y) {
        long to = Memory.address(y);
        int threshold = Philox.threshold(d.probability());
        runs(y.elements(), (first, count) -> {
            int[] words = new int[4];
            for (long i = first; i < first + count; i++) {
                long draw = d.offset() + i;
                if (i == first || (draw & 3) == 0) {
                    Philox.block(d.seed(), d.stream(), draw >>> 2, words);
                }
                int word = (int) (draw & 3);
                Memory.setFloat(to + 4 * i, switch (d.distribution()) {
                    case UNIFORM -> Philox.uniform(words[word]);
                    case BERNOULLI -> Philox.bernoulli(words[word], threshold) ? 1 : 0;
                    case NORMAL -> (float) (word % 2 == 0
                            ? Philox.cosineGaussian(words[word], words[word + 1])
                            : Philox.sineGaussian(words[word - 1], words[word]));
                });
            }
        });
    }

    void dropout(Random keep, View x, View y) {
        long from = Memory.address(x);
        long to = Memory.address(y);
        int threshold = Philox.threshold(keep.probability());
        float scale = (float) (1 / keep.probability());
        runs(y.elements(), (first, count) -> {
            int[] words = new int[4];
            for (long i = first; i < first + count; i++) {
                long draw = keep.offset() + i;
                if (i == first || (draw & 3) == 0) {
                    Philox.block(keep.seed(), keep.stream(), draw >>> 2, words);
                }
                boolean kept = Philox.bernoulli(words[(int) (draw & 3)], threshold);
                Memory.setFloat(to + 4 * i, kept ? scale * Memory.getFloat(from + 4 * i) : 0);
            }
        });
    }
}
