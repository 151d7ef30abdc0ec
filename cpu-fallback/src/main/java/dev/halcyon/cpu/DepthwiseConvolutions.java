package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import java.util.List;

/**
 * Convolutions in which every channel has a kernel of its own: no sums over channels, so a lane is a channel. Pixels of
 * a line that see the same taps are computed together, those at the edges by the taps that lie in the image.
 */
final class DepthwiseConvolutions {
    private static final int MOST_PARTS = 32;

    private final Workers workers;
    private final RowKernels rowKernels = Vectorization.rows();
    private final DepthwiseKernels kernels = Vectorization.depthwise();
    private final Scratch parts = new Scratch();
    private final Scratch zeros = new Scratch();

    DepthwiseConvolutions(Workers workers) {
        this.workers = workers;
    }

    /** What the pixels of a result see of the images on the other side. */
    private record Geometry(TapAxis rows, TapAxis columns, TapAxis.Seen[] lines, List<TapAxis.Run> runs, long other,
            int channels, boolean far) {
        static Geometry of(TapAxis rows, TapAxis columns, View other) {
            return new Geometry(rows, columns, rows.seen(), columns.runs(), Memory.address(other),
                    (int) other.extent(3), FarMemory.holds(other));
        }

        static Geometry forward(Conv2d d, View x, View w, View y) {
            return of(TapAxis.forward(y.extent(1), x.extent(1), w.extent(0), d.strideHeight(), d.dilationHeight(),
                    d.paddingHeight()),
                    TapAxis.forward(y.extent(2), x.extent(2), w.extent(1), d.strideWidth(), d.dilationWidth(),
                            d.paddingWidth()),
                    x);
        }

        static Geometry backward(Conv2d d, View dy, View w, View dx) {
            return of(TapAxis.backward(dx.extent(1), dy.extent(1), w.extent(0), d.strideHeight(), d.dilationHeight(),
                    d.paddingHeight()),
                    TapAxis.backward(dx.extent(2), dy.extent(2), w.extent(1), d.strideWidth(), d.dilationWidth(),
                            d.paddingWidth()),
                    dy);
        }

        int taps() {
            return rows.kernel() * columns.kernel();
        }

        long pixelBytes() {
            return 4L * channels;
        }

        /** The rows of its image on the other side that a line sees. */
        private TapAxis.Seen down(long line) {
            return lines[(int) (line % rows.pixels())];
        }

        /** Number of the first of them, counted through all images. */
        private long firstRow(long line) {
            return line / rows.pixels() * rows.sources() + down(line).source();
        }

        /** Fetches what a line sees and the one before it does not, if it lies far. */
        void fetch(long line, Scratch scratch) {
            if (far) {
                TapAxis.Seen seen = down(line);
                int fresh = Math.min(seen.count(), rows.multiple());
                long end = firstRow(line) + (seen.count() - 1L) * seen.sourceStep() + 1;
                long bytes = columns.sources() * pixelBytes();
                FarMemory.fetch(other + (end - fresh) * bytes, fresh * bytes, scratch);
            }
        }

        /** What a run of a line sees, each tap with what lies {@code tapBytes} times its number behind {@code first}. */
        DepthwiseKernels.Taps taps(long line, TapAxis.Run run, long first, long tapBytes) {
            TapAxis.Seen down = down(line);
            TapAxis.Seen across = run.seen();
            DepthwiseKernels.Places pixels = new DepthwiseKernels.Places(
                    other + (firstRow(line) * columns.sources() + across.source()) * pixelBytes(),
                    (long) down.sourceStep() * columns.sources() * pixelBytes(), across.sourceStep() * pixelBytes());
            DepthwiseKernels.Places own = new DepthwiseKernels.Places(
                    first + (down.tap() * columns.kernel() + across.tap()) * tapBytes,
                    down.tapStep() * columns.kernel() * tapBytes, across.tapStep() * tapBytes);
            return new DepthwiseKernels.Taps(pixels, own, down.count(), across.count(),
                    columns.multiple() * pixelBytes(), run.count());
        }
    }

    void forward(Conv2d d, Unary activation, View x, View w, long bias, View y) {
        convolve(Geometry.forward(d, x, w, y), w, bias, activation, false, y);
    }

    /** dx, written or added to: every input pixel gathers from the outputs that saw it. */
    void inputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        convolve(Geometry.backward(d, dy, w, dx), w, 0, Unary.IDENTITY, accumulate, dx);
    }

    private void convolve(Geometry g, View w, long bias, Unary activation, boolean accumulate, View outputs) {
        long pixel = g.pixelBytes();
        long start = bias == 0 ? zeros(pixel) : bias;
        int width = g.columns.pixels();
        double cost = 2.0 * width * g.channels * g.taps();
        workers.forEach(outputs.shape().product(0, 2), cost, (line, worker) -> {
            long output = Memory.address(outputs) + line * width * pixel;
            Scratch scratch = workers.scratch(worker);
            g.fetch(line, scratch);
            line(g, line, Memory.address(w), start, accumulate, output, scratch);
            if (activation != Unary.IDENTITY) {
                rowKernels.unary(activation, output, output, (long) width * g.channels);
            }
        });
    }

    /** What is added is computed apart; so are pixels that fill no vector, a vector each, and then moved together. */
    private void line(Geometry g, long line, long w, long start, boolean accumulate, long output, Scratch scratch) {
        long pixel = g.pixelBytes();
        int width = g.columns.pixels();
        long padded = Math.max(pixel, 4L * Vectorization.lanes());
        long target = padded == pixel && !accumulate ? output : scratch.request(width * padded);
        for (TapAxis.Run run : g.runs) {
            kernels.forward(g.taps(line, run, w, pixel), g.channels, start, target + run.first() * padded,
                    g.columns.divisor() * padded);
        }
        if (padded != pixel) {
            Vectorization.tiles().copyRuns(target, padded, target, pixel, width, g.channels);
        }
        if (accumulate) {
            rowKernels.addTo(target, output, (long) width * g.channels);
        } else if (target != output) {
            Memory.copy(target, output, width * pixel);
        }
    }

    private long zeros(long bytes) {
        long address = zeros.request(bytes + TileKernels.SLACK);
        Memory.clear(address, bytes);
        return address;
    }

    /**
     * Parts of the batch have sums of their own, added in their order. A part's table has whole vectors for every tap.
     */
    void weightGradient(Conv2d d, View x, View dy, View dw) {
        Geometry g = Geometry.forward(d, x, dw, dy);
        long lines = dy.shape().product(0, 2);
        long perPart = Math.ceilDiv(lines, Math.min(MOST_PARTS, lines));
        int count = (int) Math.ceilDiv(lines, perPart);
        long tapBytes = 4L * Math.ceilDiv(g.channels, Vectorization.lanes()) * Vectorization.lanes();
        long partBytes = tapBytes * g.taps();
        long base = parts.request(partBytes * count);
        boolean far = FarMemory.holds(dy);
        workers.run(count, (part, worker) -> {
            Scratch scratch = workers.scratch(worker);
            long sums = base + part * partBytes;
            Memory.clear(sums, partBytes);
            for (long line = part * perPart; line < Math.min(lines, (part + 1) * perPart); line++) {
                g.fetch(line, scratch);
                if (far) {
                    long bytes = g.columns.pixels() * g.pixelBytes();
                    FarMemory.fetch(Memory.address(dy) + line * bytes, bytes, scratch);
                }
                addLine(g, line, Memory.address(dy), sums, tapBytes);
            }
        });
        for (int part = 1; part < count; part++) {
            rowKernels.addTo(base + part * partBytes, base, partBytes / 4);
        }
        for (int tap = 0; tap < g.taps(); tap++) {
            rowKernels.addTo(base + tap * tapBytes, Memory.address(dw) + tap * g.pixelBytes(), g.channels);
        }
    }

    private void addLine(Geometry g, long line, long dy, long sums, long tapBytes) {
        long pixel = g.pixelBytes();
        for (TapAxis.Run run : g.runs) {
            kernels.weightGradient(g.taps(line, run, sums, tapBytes), g.channels,
                    dy + (line * g.columns.pixels() + run.first()) * pixel, pixel);
        }
    }

    void close() {
        parts.close();
        zeros.close();
    }
}
