package dev.halcyon.cpu;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/** Convolutions in which every channel has a kernel of its own: no sums over channels, so a lane is a channel. */
final class DepthwiseConvolutions {
    private static final int MOST_PARTS = 32;
    /** Channels that fill a vector of any width: fewer take plain loops, too slow for a stride's zeros. */
    private static final int FULL_VECTOR = 16;

    private final Workers workers;
    private final RowKernels rowKernels = Vectorization.rows();
    private final DepthwiseKernels kernels = Vectorization.depthwise();
    private final Scratch parts = new Scratch();
    private final Scratch zeros = new Scratch();
    private final Scratch spread = new Scratch();

    DepthwiseConvolutions(Workers workers) {
        this.workers = workers;
    }

    void forward(Conv2d d, Unary activation, View x, View w, long bias, View y) {
        Rows inputs = rows(d, x, w);
        convolve(y, w, new Inner(inputs, inputs.inside((int) y.extent(2)), Memory.address(w), 4 * x.extent(3)),
                (image, row, column, output) -> pixel(d, x, w, image, row, column, output), bias, activation);
    }

    /**
     * Every input pixel gathers from the outputs that saw it: a convolution without stride of the output's gradient,
     * which has zeros between its pixels where there was a stride.
     */
    void inputGradient(Conv2d d, View dy, View w, View dx) {
        int height = (int) w.extent(0);
        int width = (int) w.extent(1);
        boolean spreads = d.strideHeight() * d.strideWidth() == 1 || dx.extent(3) >= FULL_VECTOR;
        Rows gradients = new Rows(spreads ? spread(d, dy) : images(dy),
                (height - 1) * d.dilationHeight() - d.paddingHeight(),
                (width - 1) * d.dilationWidth() - d.paddingWidth(), 1, 1, d.dilationHeight(), d.dilationWidth(),
                height, width);
        Span inner = spreads ? gradients.inside((int) dx.extent(2)) : Span.NONE;
        long tapBytes = 4 * dy.extent(3);
        long lastTap = Memory.address(w) + tapBytes * (w.shape().product(0, 2) - 1);
        convolve(dx, w, new Inner(gradients, inner, lastTap, -tapBytes),
                (image, row, column, output) -> gatherPixel(d, dy, w, image, row, column, output), 0, Unary.IDENTITY);
    }

    /**
     * What the kernels can do of every row.
     *
     * @param rows what the outputs see
     * @param columns outputs whose taps all lie in the image
     * @param firstTap the tap for the upper left of what an output sees
     * @param tapStep bytes from a tap to the next
     */
    private record Inner(Rows rows, Span columns, long firstTap, long tapStep) {
    }

    /** Computes one output pixel, from zeros. */
    @FunctionalInterface
    private interface Pixel {
        void add(long image, int row, int column, long output);
    }

    /** Row by row: the inner columns by the kernels, the others pixel by pixel, then bias and activation. */
    private void convolve(View outputs, View w, Inner inner, Pixel others, long bias, Unary activation) {
        int channels = (int) outputs.extent(3);
        long pixel = 4L * channels;
        double cost = 2.0 * outputs.extent(2) * channels * w.shape().product(0, 2);
        workers.forEach(outputs.shape().product(0, 2), cost, (line, worker) -> {
            long image = line / outputs.extent(1);
            int row = (int) (line % outputs.extent(1));
            long output = Memory.address(outputs) + line * lineBytes(outputs);
            if (!inner.columns.isEmpty()) {
                inside(inner, image, row, worker, output + inner.columns.first * pixel);
            }
            for (int column = 0; column < outputs.extent(2); column++) {
                if (!inner.columns.contains(column)) {
                    Memory.clear(output + column * pixel, pixel);
                    others.add(image, row, column, output + column * pixel);
                }
            }
            finish(bias, activation, output, (int) outputs.extent(2), channels);
        });
    }

    /** The inner columns of a row. */
    private void inside(Inner inner, long image, int row, int worker, long output) {
        Rows rows = inner.rows;
        int channels = rows.images.channels;
        if (rows.hasFewTaps()) {
            kernels.forward(rows.window(image, row, inner.columns), channels, inner.firstTap, inner.tapStep, output,
                    4L * channels);
        } else {
            long taps = workers.scratch(worker).request(8L * rows.taps());
            rows.locate(image, row, inner.columns, taps);
            kernels.forward(taps, rows.taps(), 4L * rows.strideWidth * channels,
                    inner.columns.end - inner.columns.first, channels, inner.firstTap, inner.tapStep, output,
                    4L * channels);
        }
    }

    /** Gradients with a stride's zeros between them. Whole rows of zeros are not stored. */
    private Images spread(Conv2d d, View dy) {
        if (d.strideHeight() == 1 && d.strideWidth() == 1) {
            return images(dy);
        }
        int channels = (int) dy.extent(3);
        int width = (int) (dy.extent(2) - 1) * d.strideWidth() + 1;
        long lines = dy.shape().product(0, 2);
        long pixel = 4L * channels;
        long address = spread.request(lines * width * pixel);
        workers.forEach(lines, (double) width * channels, (line, _) -> {
            long from = Memory.address(dy) + line * lineBytes(dy);
            long to = address + line * width * pixel;
            Memory.clear(to, width * pixel);
            for (int column = 0; column < dy.extent(2); column++) {
                Memory.copy(from + column * pixel, to + column * d.strideWidth() * pixel, pixel);
            }
        });
        return new Images(address, (int) (dy.extent(1) - 1) * d.strideHeight() + 1, width, channels, d.strideHeight(),
                zeros(width * pixel));
    }

    private Images images(View x) {
        return new Images(Memory.address(x), (int) x.extent(1), (int) x.extent(2), (int) x.extent(3), 1,
                zeros(lineBytes(x)));
    }

    private Rows rows(Conv2d d, View x, View w) {
        return new Rows(images(x), d.paddingHeight(), d.paddingWidth(), d.strideHeight(), d.strideWidth(),
                d.dilationHeight(), d.dilationWidth(), (int) w.extent(0), (int) w.extent(1));
    }

    private static long lineBytes(View images) {
        return 4 * images.extent(2) * images.extent(3);
    }

    private long zeros(long bytes) {
        long address = zeros.request(bytes);
        Memory.clear(address, bytes);
        return address;
    }

    /** Columns [first, end). */
    private record Span(int first, int end) {
        static final Span NONE = new Span(0, 0);

        boolean isEmpty() {
            return first == end;
        }

        boolean contains(int column) {
            return column >= first && column < end;
        }
    }

    /**
     * Images [n, height, width, channels].
     *
     * @param address of those rows that are stored
     * @param every the rows between every so many are zeros, and not stored
     * @param zeros a row of zeros
     */
    private record Images(long address, int height, int width, int channels, int every, long zeros) {
        /** Address of a row, which may lie outside. */
        long row(long image, int row) {
            return row < 0 || row >= height || row % every != 0
                    ? zeros
                    : address + (image * Math.ceilDiv(height, every) + row / every) * 4L * width * channels;
        }
    }

    /** The rows of images that outputs see. */
    private record Rows(Images images, int top, int left, int strideHeight, int strideWidth, int dilationHeight,
            int dilationWidth, int kernelHeight, int kernelWidth) {
        int taps() {
            return kernelHeight * kernelWidth;
        }

        /** Whether the taps fit the kernels that keep them in registers. */
        boolean hasFewTaps() {
            return kernelHeight == DepthwiseKernels.TAPS && kernelWidth == DepthwiseKernels.TAPS;
        }

        /** Outputs, of a row of so many, all of whose columns of taps lie in the image. */
        Span inside(int outputs) {
            int reach = (kernelWidth - 1) * dilationWidth;
            int first = Math.clamp(Math.ceilDiv(left, strideWidth), 0, outputs);
            int end = Math.floorDiv(images.width - 1 - reach + left, strideWidth) + 1;
            return new Span(first, Math.clamp(end, first, outputs));
        }

        /** Where the first column of taps lies of the first of some columns, in bytes from the start of a row. */
        private long start(Span columns) {
            return (columns.first * (long) strideWidth - left) * 4 * images.channels;
        }

        /** Writes the address of the pixel that each tap sees of the first of some columns' outputs. */
        void locate(long image, int outputRow, Span columns, long taps) {
            for (int i = 0; i < kernelHeight; i++) {
                long row = images.row(image, outputRow * strideHeight - top + i * dilationHeight) + start(columns);
                for (int j = 0; j < kernelWidth; j++) {
                    Memory.setLong(taps + 8L * (i * kernelWidth + j),
                            row + 4L * j * dilationWidth * images.channels);
                }
            }
        }

        DepthwiseKernels.Window window(long image, int outputRow, Span columns) {
            long pixel = 4L * images.channels;
            long column = start(columns);
            int row = outputRow * strideHeight - top;
            return new DepthwiseKernels.Window(images.row(image, row) + column,
                    images.row(image, row + dilationHeight) + column,
                    images.row(image, row + 2 * dilationHeight) + column, dilationWidth * pixel, strideWidth * pixel,
                    columns.end - columns.first);
        }
    }

    private void pixel(Conv2d d, View x, View w, long image, int outRow, int outColumn, long output) {
        int channels = (int) x.extent(3);
        long top = (long) outRow * d.strideHeight() - d.paddingHeight();
        long left = (long) outColumn * d.strideWidth() - d.paddingWidth();
        for (int i = 0; i < w.extent(0); i++) {
            long row = top + (long) i * d.dilationHeight();
            for (int j = 0; j < w.extent(1); j++) {
                long column = left + (long) j * d.dilationWidth();
                if (row >= 0 && row < x.extent(1) && column >= 0 && column < x.extent(2)) {
                    rowKernels.multiplyAdd(at(x, image, row, column),
                            Memory.address(w) + 4L * (i * w.extent(1) + j) * channels, output, channels);
                }
            }
        }
    }

    /** Bias and activation of a row of outputs. */
    private void finish(long bias, Unary activation, long y, int columns, int channels) {
        for (int column = 0; bias != 0 && column < columns; column++) {
            long pixel = y + 4L * column * channels;
            rowKernels.binary(Binary.ADD, pixel, 1, bias, 1, pixel, channels);
        }
        if (activation != Unary.IDENTITY) {
            rowKernels.unary(activation, y, y, (long) columns * channels);
        }
    }

    private void gatherPixel(Conv2d d, View dy, View w, long image, long row, int column, long output) {
        int channels = (int) dy.extent(3);
        for (int i = 0; i < w.extent(0); i++) {
            long fromTop = row + d.paddingHeight() - (long) i * d.dilationHeight();
            for (int j = 0; j < w.extent(1); j++) {
                long fromLeft = column + d.paddingWidth() - (long) j * d.dilationWidth();
                long outRow = fromTop / d.strideHeight();
                long outColumn = fromLeft / d.strideWidth();
                boolean seen = fromTop >= 0 && fromLeft >= 0 && fromTop % d.strideHeight() == 0
                        && fromLeft % d.strideWidth() == 0 && outRow < dy.extent(1) && outColumn < dy.extent(2);
                if (seen) {
                    rowKernels.multiplyAdd(at(dy, image, outRow, outColumn),
                            Memory.address(w) + 4L * (i * w.extent(1) + j) * channels, output, channels);
                }
            }
        }
    }

    /** Parts of the batch have sums of their own, added in their order. */
    void weightGradient(Conv2d d, View x, View dy, View dw) {
        long lines = dy.shape().product(0, 2);
        int count = (int) Math.min(MOST_PARTS, lines);
        long perPart = (lines + count - 1) / count;
        long partBytes = 4 * dw.elements();
        long base = parts.request(partBytes * count);
        Rows inputs = rows(d, x, dw);
        Span inner = inputs.hasFewTaps() ? inputs.inside((int) dy.extent(2)) : Span.NONE;
        workers.run(count, (part, worker) -> {
            long target = base + part * partBytes;
            Memory.clear(target, partBytes);
            for (long line = part * perPart; line < Math.min(lines, (part + 1) * perPart); line++) {
                if (!inner.isEmpty()) {
                    kernels.weightGradient(inputs.window(line / dy.extent(1), (int) (line % dy.extent(1)), inner),
                            (int) x.extent(3),
                            Memory.address(dy) + line * lineBytes(dy) + 4L * inner.first * x.extent(3),
                            4 * x.extent(3), target, 4 * x.extent(3));
                }
                addLine(d, x, dy, dw, line, inner, target);
            }
        });
        for (int part = 0; part < count; part++) {
            rowKernels.scaleAdd(1, base + part * partBytes, 1, Memory.address(dw), dw.elements());
        }
    }

    /** The outputs of a line but for a span. */
    private void addLine(Conv2d d, View x, View dy, View dw, long line, Span done, long target) {
        int channels = (int) x.extent(3);
        long image = line / dy.extent(1);
        long outRow = line % dy.extent(1);
        for (int i = 0; i < dw.extent(0); i++) {
            long row = outRow * d.strideHeight() - d.paddingHeight() + (long) i * d.dilationHeight();
            for (int j = 0; row >= 0 && row < x.extent(1) && j < dw.extent(1); j++) {
                long tap = target + 4L * (i * dw.extent(1) + j) * channels;
                for (int outColumn = 0; outColumn < dy.extent(2); outColumn++) {
                    long column = (long) outColumn * d.strideWidth() - d.paddingWidth() + (long) j * d.dilationWidth();
                    if (!done.contains(outColumn) && column >= 0 && column < x.extent(2)) {
                        rowKernels.multiplyAdd(at(x, image, row, column), at(dy, image, outRow, outColumn), tap,
                                channels);
                    }
                }
            }
        }
    }

    private static long at(View images, long image, long row, long column) {
        return Memory.address(images)
                + 4 * ((image * images.extent(1) + row) * images.extent(2) + column) * images.extent(3);
    }

    void close() {
        parts.close();
        zeros.close();
        spread.close();
    }
}
