package dev.halcyon.cpu;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/** Convolutions in which every channel has a kernel of its own: no sums over channels, so a lane is a channel. */
final class DepthwiseConvolutions {
    private static final int MOST_PARTS = 32;

    private final Workers workers;
    private final RowKernels rows = Vectorization.rows();
    private final DepthwiseKernels kernels = Vectorization.depthwise();
    private final Scratch parts = new Scratch();
    private final Scratch zeros = new Scratch();

    DepthwiseConvolutions(Workers workers) {
        this.workers = workers;
    }

    void forward(Conv2d d, Unary activation, View x, View w, long bias, View y) {
        int channels = (int) x.extent(3);
        long lines = y.shape().product(0, 2);
        long lineBytes = 4 * y.extent(2) * channels;
        Rows inputs = new Rows(x, d.paddingHeight(), d.paddingWidth(), d.strideHeight(), d.strideWidth(),
                d.dilationHeight(), d.dilationWidth(), zeros(lineBytes(x)));
        boolean small = hasFewTaps(w);
        Span inner = inputs.inside((int) y.extent(2));
        long perChunk = Workers.chunkSize(lines, 2.0 * y.extent(2) * channels * w.shape().product(0, 2));
        workers.run(chunks(lines, perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                long output = Memory.address(y) + line * lineBytes;
                if (small) {
                    kernels.forward(inputs.window(line / y.extent(1), (int) (line % y.extent(1)), inner), channels,
                            Memory.address(w), 4L * channels, output + 4L * inner.first * channels, 4L * channels);
                }
                for (int column = 0; column < y.extent(2); column++) {
                    if (!small || !inner.contains(column)) {
                        Memory.clear(output + 4L * column * channels, 4L * channels);
                        pixel(d, x, w, line, column, output + 4L * column * channels);
                    }
                }
                finish(bias, activation, output, (int) y.extent(2), channels);
            }
        });
    }

    /** Whether the taps fit the kernels that keep them in registers. */
    private static boolean hasFewTaps(View w) {
        return w.extent(0) == DepthwiseKernels.TAPS && w.extent(1) == DepthwiseKernels.TAPS;
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
        boolean contains(int column) {
            return column >= first && column < end;
        }
    }

    /** The rows of images that outputs see, with a row of zeros for those outside. */
    private record Rows(View images, int top, int left, int strideHeight, int strideWidth, int dilationHeight,
            int dilationWidth, long zeros) {
        /** Outputs, of a row of so many, all of whose columns of taps lie in the image. */
        Span inside(int outputs) {
            int reach = (DepthwiseKernels.TAPS - 1) * dilationWidth;
            int first = Math.clamp(Math.ceilDiv(left, strideWidth), 0, outputs);
            int end = Math.floorDiv((int) images.extent(2) - 1 - reach + left, strideWidth) + 1;
            return new Span(first, Math.clamp(end, first, outputs));
        }

        DepthwiseKernels.Window window(long image, int outputRow, Span columns) {
            long pixel = 4 * images.extent(3);
            long column = (columns.first * (long) strideWidth - left) * pixel;
            int row = outputRow * strideHeight - top;
            return new DepthwiseKernels.Window(row(image, row, column), row(image, row + dilationHeight, column),
                    row(image, row + 2 * dilationHeight, column), dilationWidth * pixel, strideWidth * pixel,
                    columns.end - columns.first);
        }

        private long row(long image, int row, long column) {
            return row < 0 || row >= images.extent(1)
                    ? zeros + column
                    : Memory.address(images) + (image * images.extent(1) + row) * lineBytes(images) + column;
        }
    }

    private void pixel(Conv2d d, View x, View w, long line, int outColumn, long output) {
        int channels = (int) x.extent(3);
        long outHeight = (x.extent(1) + 2L * d.paddingHeight() - d.dilationHeight() * (w.extent(0) - 1) - 1)
                / d.strideHeight() + 1;
        long image = line / outHeight;
        long top = line % outHeight * d.strideHeight() - d.paddingHeight();
        long left = (long) outColumn * d.strideWidth() - d.paddingWidth();
        for (int i = 0; i < w.extent(0); i++) {
            long row = top + (long) i * d.dilationHeight();
            for (int j = 0; j < w.extent(1); j++) {
                long column = left + (long) j * d.dilationWidth();
                if (row >= 0 && row < x.extent(1) && column >= 0 && column < x.extent(2)) {
                    rows.multiplyAdd(at(x, image, row, column),
                            Memory.address(w) + 4L * (i * w.extent(1) + j) * channels, output, channels);
                }
            }
        }
    }

    /** Bias and activation of a row of outputs. */
    private void finish(long bias, Unary activation, long y, int columns, int channels) {
        for (int column = 0; bias != 0 && column < columns; column++) {
            long pixel = y + 4L * column * channels;
            rows.binary(Binary.ADD, pixel, 1, bias, 1, pixel, channels);
        }
        if (activation != Unary.IDENTITY) {
            rows.unary(activation, y, y, (long) columns * channels);
        }
    }

    /** Every input pixel gathers from the outputs that saw it. */
    void inputGradient(Conv2d d, View dy, View w, View dx) {
        int channels = (int) dx.extent(3);
        if (hasFewTaps(w) && d.strideHeight() == 1 && d.strideWidth() == 1) {
            correlate(d, dy, w, dx);
            return;
        }
        long lines = dx.shape().product(0, 2);
        long perChunk = Workers.chunkSize(lines, 2.0 * dx.extent(2) * channels * w.shape().product(0, 2));
        workers.run(chunks(lines, perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                long output = Memory.address(dx) + 4 * line * dx.extent(2) * channels;
                Memory.clear(output, 4L * dx.extent(2) * channels);
                for (int column = 0; column < dx.extent(2); column++) {
                    gatherPixel(d, dy, w, line / dx.extent(1), line % dx.extent(1), column,
                            output + 4L * column * channels);
                }
            }
        });
    }

    /** Without stride the gradient is a convolution itself, with the taps in reverse. */
    private void correlate(Conv2d d, View dy, View w, View dx) {
        int channels = (int) dx.extent(3);
        long lines = dx.shape().product(0, 2);
        Rows gradients = new Rows(dy, 2 * d.dilationHeight() - d.paddingHeight(),
                2 * d.dilationWidth() - d.paddingWidth(), 1, 1, d.dilationHeight(), d.dilationWidth(),
                zeros(lineBytes(dy)));
        Span inner = gradients.inside((int) dx.extent(2));
        long lastTap = Memory.address(w) + 4L * channels * (w.shape().product(0, 2) - 1);
        long perChunk = Workers.chunkSize(lines, 2.0 * dx.extent(2) * channels * w.shape().product(0, 2));
        workers.run(chunks(lines, perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                long output = Memory.address(dx) + line * lineBytes(dx);
                int row = (int) (line % dx.extent(1));
                kernels.forward(gradients.window(line / dx.extent(1), row, inner), channels, lastTap, -4L * channels,
                        output + 4L * inner.first * channels, 4L * channels);
                for (int column = 0; column < dx.extent(2); column++) {
                    if (!inner.contains(column)) {
                        Memory.clear(output + 4L * column * channels, 4L * channels);
                        gatherPixel(d, dy, w, line / dx.extent(1), row, column, output + 4L * column * channels);
                    }
                }
            }
        });
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
                    rows.multiplyAdd(at(dy, image, outRow, outColumn),
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
        Rows inputs = new Rows(x, d.paddingHeight(), d.paddingWidth(), d.strideHeight(), d.strideWidth(),
                d.dilationHeight(), d.dilationWidth(), zeros(lineBytes(x)));
        Span inner = hasFewTaps(dw) ? inputs.inside((int) dy.extent(2)) : new Span(0, 0);
        workers.run(count, (part, worker) -> {
            long target = base + part * partBytes;
            Memory.clear(target, partBytes);
            for (long line = part * perPart; line < Math.min(lines, (part + 1) * perPart); line++) {
                if (inner.first < inner.end) {
                    kernels.weightGradient(inputs.window(line / dy.extent(1), (int) (line % dy.extent(1)), inner),
                            (int) x.extent(3),
                            Memory.address(dy) + line * lineBytes(dy) + 4L * inner.first * x.extent(3),
                            4 * x.extent(3), target, 4 * x.extent(3));
                }
                addLine(d, x, dy, dw, line, inner, target);
            }
        });
        for (int part = 0; part < count; part++) {
            rows.scaleAdd(1, base + part * partBytes, 1, Memory.address(dw), dw.elements());
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
                        rows.multiplyAdd(at(x, image, row, column), at(dy, image, outRow, outColumn), tap, channels);
                    }
                }
            }
        }
    }

    private static long at(View images, long image, long row, long column) {
        return Memory.address(images)
                + 4 * ((image * images.extent(1) + row) * images.extent(2) + column) * images.extent(3);
    }

    private static int chunks(long lines, long perChunk) {
        return Math.toIntExact((lines + perChunk - 1) / perChunk);
    }

    void close() {
        parts.close();
        zeros.close();
    }
}
