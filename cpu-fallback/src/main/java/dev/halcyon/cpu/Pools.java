package dev.halcyon.cpu;

import dev.halcyon.device.Pool2d;
import dev.halcyon.device.View;

/**
 * Pooling. Forward, each output looks at its window; backward, each input looks at the outputs whose windows it lies in,
 * so every element is written once, by one thread.
 */
final class Pools {
    private final Workers workers;
    private final PoolKernels kernels = Vectorization.pools();

    Pools(Workers workers) {
        this.workers = workers;
    }

    /**
     * What the indices of one axis look at.
     *
     * @param first where each one's block starts
     * @param count its extent, 0 if nothing looks back
     * @param place forward, where it starts in the window; backward, where the index lies in the first window
     */
    private record Axis(int[] first, int[] count, int[] place) {
        static Axis ofWindows(int outputs, int kernel, int stride, int padding, int extent) {
            Axis axis = new Axis(new int[outputs], new int[outputs], new int[outputs]);
            for (int i = 0; i < outputs; i++) {
                int start = i * stride - padding;
                axis.first[i] = Math.max(0, start);
                axis.count[i] = Math.min(extent, start + kernel) - axis.first[i];
                axis.place[i] = axis.first[i] - start;
            }
            return axis;
        }

        static Axis ofOutputs(int extent, int kernel, int stride, int padding, int outputs) {
            Axis axis = new Axis(new int[extent], new int[extent], new int[extent]);
            for (int i = 0; i < extent; i++) {
                int padded = i + padding;
                axis.first[i] = padded < kernel ? 0 : (padded - kernel) / stride + 1;
                axis.count[i] = Math.max(0, Math.min(outputs - 1, padded / stride) - axis.first[i] + 1);
                axis.place[i] = padded - axis.first[i] * stride;
            }
            return axis;
        }
    }

    /** How pixels look at blocks: forward from the output, backward from the input. */
    private record Geometry(Axis rows, PoolKernels.Line line, int height, int otherHeight, double cost) {
        static Geometry of(Pool2d d, boolean forward, View pixels, View blocks) {
            int height = (int) pixels.extent(1);
            int width = (int) pixels.extent(2);
            int otherHeight = (int) blocks.extent(1);
            int otherWidth = (int) blocks.extent(2);
            Axis rows = forward
                    ? Axis.ofWindows(height, d.kernelHeight(), d.strideHeight(), d.paddingHeight(), otherHeight)
                    : Axis.ofOutputs(height, d.kernelHeight(), d.strideHeight(), d.paddingHeight(), otherHeight);
            Axis columns = forward
                    ? Axis.ofWindows(width, d.kernelWidth(), d.strideWidth(), d.paddingWidth(), otherWidth)
                    : Axis.ofOutputs(width, d.kernelWidth(), d.strideWidth(), d.paddingWidth(), otherWidth);
            int channels = (int) pixels.extent(3);
            double share = forward ? 1 : 1.0 / (d.strideHeight() * d.strideWidth());
            return new Geometry(rows, new PoolKernels.Line(columns.first, columns.count, columns.place, otherWidth,
                    channels, blocks.elements()), height, otherHeight,
                    2.0 * width * channels * Math.max(1, d.kernelHeight() * d.kernelWidth() * share));
        }

        long lineElements() {
            return (long) line.pixels() * line.channels();
        }

        /** Where the blocks of a line start. */
        long block(long number) {
            return (number / height * otherHeight + rows.first[(int) (number % height)]) * line.width()
                    * line.channels();
        }
    }

    /** Something done to one line of pixels. */
    @FunctionalInterface
    private interface Body {
        /**
         * Does it.
         *
         * @param number of the line
         * @param row in its image
         * @param room elements from the line's start to the end of what this thread writes
         */
        void run(long number, int row, long room);
    }

    private void eachLine(long lines, int height, long elements, double cost, Body body) {
        long perChunk = Workers.chunkSize(lines, cost);
        workers.run(Math.toIntExact(Math.ceilDiv(lines, perChunk)), (chunk, worker) -> {
            long end = Math.min(lines, (chunk + 1) * perChunk);
            for (long line = chunk * perChunk; line < end; line++) {
                body.run(line, (int) (line % height), (end - line) * elements);
            }
        });
    }

    void max(Pool2d d, View x, View y, View argument) {
        Geometry g = Geometry.of(d, true, y, x);
        long step = g.lineElements();
        eachLine(y.shape().product(0, 2), g.height, step, g.cost, (line, row, room) -> kernels.max(g.line,
                Memory.address(x), g.block(line), g.rows.count[row], g.rows.place[row] * d.kernelWidth(),
                d.kernelWidth(), Memory.address(y) + 4 * line * step, Memory.address(argument) + line * step, room));
    }

    void maxGradient(Pool2d d, View argument, View dy, View dx) {
        if (liesSideBySide(d)) {
            spread(d, argument, dy, dx);
            return;
        }
        Geometry g = Geometry.of(d, false, dx, dy);
        long step = g.lineElements();
        eachLine(dx.shape().product(0, 2), g.height, step, g.cost, (line, row, room) -> kernels.maxGradient(g.line,
                Memory.address(dy), Memory.address(argument), g.block(line), g.rows.count[row],
                g.rows.place[row] * d.kernelWidth(), d.strideHeight() * d.kernelWidth(), d.strideWidth(),
                Memory.address(dx) + 4 * line * step, room));
    }

    /** Whether every pixel lies in one window at most. */
    private static boolean liesSideBySide(Pool2d d) {
        return d.kernelHeight() == d.strideHeight() && d.kernelWidth() == d.strideWidth() && d.paddingHeight() == 0
                && d.paddingWidth() == 0;
    }

    private void spread(Pool2d d, View argument, View dy, View dx) {
        int channels = (int) dx.extent(3);
        int count = (int) dy.extent(2);
        int height = (int) dx.extent(1);
        long step = dx.extent(2) * channels;
        long covered = (long) count * d.kernelWidth() * channels;
        eachLine(dx.shape().product(0, 2), height, step, 2.0 * step, (line, row, room) -> {
            long to = Memory.address(dx) + 4 * line * step;
            int windows = row / d.kernelHeight();
            if (windows >= dy.extent(1)) {
                Memory.clear(to, 4 * step);
                return;
            }
            long first = (line / height * dy.extent(1) + windows) * count * channels;
            kernels.spread(count, d.kernelWidth(), channels, Memory.address(dy) + 4 * first,
                    Memory.address(argument) + first, dy.elements() - first,
                    row % d.kernelHeight() * d.kernelWidth(), to, room);
            if (covered < step) {
                Memory.clear(to + 4 * covered, 4 * (step - covered));
            }
        });
    }

    void average(Pool2d d, View x, View y) {
        sums(d, Geometry.of(d, true, y, x), x, y);
    }

    void averageGradient(Pool2d d, View dy, View dx) {
        sums(d, Geometry.of(d, false, dx, dy), dy, dx);
    }

    private void sums(Pool2d d, Geometry g, View from, View to) {
        float share = 1f / (d.kernelHeight() * d.kernelWidth());
        long step = g.lineElements();
        eachLine(to.shape().product(0, 2), g.height, step, g.cost, (line, row, room) -> kernels.sum(g.line,
                Memory.address(from), g.block(line), g.rows.count[row], share, Memory.address(to) + 4 * line * step,
                room));
    }
}
