package dev.halcyon.cpu;

import dev.halcyon.device.Pool2d;
import dev.halcyon.device.View;

/**
 * Pooling. Forward, each output looks at its window; backward, each input looks at the outputs whose windows it lies in,
 * so every element is written once, by one thread. Neighbours whose blocks have the same form are done in one go.
 */
final class Pools {
    private final Workers workers;
    private final PoolKernels kernels = Vectorization.pools();

    Pools(Workers workers) {
        this.workers = workers;
    }

    /**
     * The block of one axis that a pixel looks at.
     *
     * @param first its start
     * @param count its size, 0 if nothing looks back
     * @param place forward, where it starts in the window; backward, where the pixel lies in the first window
     */
    private record Span(int first, int count, int place) {
        static Span ofWindow(int index, int kernel, int stride, int padding, int extent) {
            int start = index * stride - padding;
            int first = Math.max(0, start);
            return new Span(first, Math.min(extent, start + kernel) - first, first - start);
        }

        static Span ofOutputs(int index, int kernel, int stride, int padding, int outputs) {
            int padded = index + padding;
            int first = padded < kernel ? 0 : (padded - kernel) / stride + 1;
            int last = Math.min(outputs - 1, padded / stride);
            return new Span(first, Math.max(0, last - first + 1), padded - first * stride);
        }

        boolean sameForm(Span other) {
            return count == other.count && place == other.place;
        }
    }

    /** How pixels look at blocks: forward from the output, backward from the input. */
    private record Geometry(Pool2d d, boolean forward, int height, int width, int otherHeight, int otherWidth) {
        static Geometry of(Pool2d d, boolean forward, View pixels, View blocks) {
            return new Geometry(d, forward, (int) pixels.extent(1), (int) pixels.extent(2), (int) blocks.extent(1),
                    (int) blocks.extent(2));
        }

        Span row(int row) {
            return forward ? Span.ofWindow(row, d.kernelHeight(), d.strideHeight(), d.paddingHeight(), otherHeight)
                    : Span.ofOutputs(row, d.kernelHeight(), d.strideHeight(), d.paddingHeight(), otherHeight);
        }

        Span column(int column) {
            return forward ? Span.ofWindow(column, d.kernelWidth(), d.strideWidth(), d.paddingWidth(), otherWidth)
                    : Span.ofOutputs(column, d.kernelWidth(), d.strideWidth(), d.paddingWidth(), otherWidth);
        }

        /** From a column to the next one of the same form. */
        int period() {
            return forward ? 1 : d.strideWidth();
        }
    }

    /** Something done to pixels of one form. */
    @FunctionalInterface
    private interface Body {
        /**
         * Does it.
         *
         * @param blocks their form
         * @param pixel number of the first pixel
         * @param block number of the first pixel of its block
         * @param place of the block, as a number
         */
        void run(PoolKernels.Blocks blocks, long pixel, long block, int place);
    }

    private void each(Geometry g, int images, int channels, Body body) {
        long lines = (long) images * g.height;
        double cost = 2.0 * g.width * channels * Math.max(1, g.d.kernelHeight() * g.d.kernelWidth() / (g.forward ? 1
                : g.d.strideHeight() * g.d.strideWidth()));
        long perChunk = Workers.chunkSize(lines, cost);
        workers.run(Math.toIntExact((lines + perChunk - 1) / perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                for (int phase = 0; phase < Math.min(g.period(), g.width); phase++) {
                    line(g, line, phase, channels, body);
                }
            }
        });
    }

    /** One row's pixels of one phase, in runs of equal form. */
    private static void line(Geometry g, long line, int phase, int channels, Body body) {
        Span rows = g.row((int) (line % g.height));
        long firstLine = line / g.height * g.otherHeight + rows.first;
        int column = phase;
        while (column < g.width) {
            Span columns = g.column(column);
            int count = 1;
            while (column + count * g.period() < g.width
                    && g.column(column + count * g.period()).sameForm(columns)) {
                count++;
            }
            PoolKernels.Blocks blocks = new PoolKernels.Blocks(count, g.period(),
                    g.forward ? g.d.strideWidth() : 1, rows.count, columns.count, g.otherWidth, channels);
            body.run(blocks, line * g.width + column, firstLine * g.otherWidth + columns.first,
                    rows.place * g.d.kernelWidth() + columns.place);
            column += count * g.period();
        }
    }

    void max(Pool2d d, View x, View y, View argument) {
        int channels = (int) x.extent(3);
        each(Geometry.of(d, true, y, x), (int) x.extent(0), channels, (blocks, pixel, block, place) -> kernels.max(
                blocks, Memory.address(x) + 4 * block * channels, place, d.kernelWidth(),
                Memory.address(y) + 4 * pixel * channels, Memory.address(argument) + pixel * channels));
    }

    void maxGradient(Pool2d d, View argument, View dy, View dx) {
        int channels = (int) dx.extent(3);
        if (liesSideBySide(d)) {
            spread(d, argument, dy, dx);
            return;
        }
        each(Geometry.of(d, false, dx, dy), (int) dx.extent(0), channels,
                (blocks, pixel, block, place) -> kernels.maxGradient(blocks, Memory.address(dy) + 4 * block * channels,
                        Memory.address(argument) + block * channels, place, d.strideHeight() * d.kernelWidth(),
                        d.strideWidth(), Memory.address(dx) + 4 * pixel * channels));
    }

    /** Whether every pixel lies in one window at most. */
    private static boolean liesSideBySide(Pool2d d) {
        return d.kernelHeight() == d.strideHeight() && d.kernelWidth() == d.strideWidth() && d.paddingHeight() == 0
                && d.paddingWidth() == 0;
    }

    private void spread(Pool2d d, View argument, View dy, View dx) {
        int channels = (int) dx.extent(3);
        int count = (int) dy.extent(2);
        long rowBytes = 4 * dx.extent(2) * channels;
        long covered = 4L * count * d.kernelWidth() * channels;
        long lines = dx.shape().product(0, 2);
        long perChunk = Workers.chunkSize(lines, 2.0 * dx.extent(2) * channels);
        workers.run(Math.toIntExact(Math.ceilDiv(lines, perChunk)), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                long to = Memory.address(dx) + line * rowBytes;
                int row = (int) (line % dx.extent(1));
                if (row / d.kernelHeight() >= dy.extent(1)) {
                    Memory.clear(to, rowBytes);
                    continue;
                }
                long window = (line / dx.extent(1) * dy.extent(1) + row / d.kernelHeight()) * count * channels;
                kernels.spread(count, d.kernelWidth(), channels, Memory.address(dy) + 4 * window,
                        Memory.address(argument) + window, row % d.kernelHeight() * d.kernelWidth(), to);
                if (covered < rowBytes) {
                    Memory.clear(to + covered, rowBytes - covered);
                }
            }
        });
    }

    void average(Pool2d d, View x, View y) {
        sums(Geometry.of(d, true, y, x), x, y);
    }

    void averageGradient(Pool2d d, View dy, View dx) {
        sums(Geometry.of(d, false, dx, dy), dy, dx);
    }

    private void sums(Geometry g, View from, View to) {
        int channels = (int) from.extent(3);
        float share = 1f / (g.d.kernelHeight() * g.d.kernelWidth());
        each(g, (int) from.extent(0), channels, (blocks, pixel, block, place) -> kernels.sum(blocks,
                Memory.address(from) + 4 * block * channels, share, Memory.address(to) + 4 * pixel * channels));
    }
}
