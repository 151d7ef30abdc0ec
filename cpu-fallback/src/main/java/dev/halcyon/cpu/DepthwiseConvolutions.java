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
    private final Scratch parts = new Scratch();

    DepthwiseConvolutions(Workers workers) {
        this.workers = workers;
    }

    void forward(Conv2d d, View x, View w, View y) {
        int channels = (int) x.extent(3);
        long lines = y.shape().product(0, 2);
        long perChunk = Workers.chunkSize(lines, 2.0 * y.extent(2) * channels * w.shape().product(0, 2));
        workers.run(chunks(lines, perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                long output = Memory.address(y) + 4 * line * y.extent(2) * channels;
                Memory.clear(output, 4L * y.extent(2) * channels);
                for (int outColumn = 0; outColumn < y.extent(2); outColumn++) {
                    pixel(d, x, w, line, outColumn, output + 4L * outColumn * channels);
                }
            }
        });
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

    void finish(long bias, Unary activation, View y) {
        int channels = (int) y.extent(3);
        long pixels = y.elements() / channels;
        if (bias == 0 && activation == Unary.IDENTITY) {
            return;
        }
        for (long pixel = 0; pixel < pixels; pixel++) {
            long address = Memory.address(y) + 4 * pixel * channels;
            if (bias != 0) {
                rows.binary(Binary.ADD, address, 1, bias, 1, address, channels);
            }
            rows.unary(activation, address, address, channels);
        }
    }

    /** Every input pixel gathers from the outputs that saw it. */
    void inputGradient(Conv2d d, View dy, View w, View dx) {
        int channels = (int) dx.extent(3);
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
        workers.run(count, (part, worker) -> {
            long target = base + part * partBytes;
            Memory.clear(target, partBytes);
            for (long line = part * perPart; line < Math.min(lines, (part + 1) * perPart); line++) {
                addLine(d, x, dy, dw, line, target);
            }
        });
        for (int part = 0; part < count; part++) {
            rows.scaleAdd(1, base + part * partBytes, 1, Memory.address(dw), dw.elements());
        }
    }

    private void addLine(Conv2d d, View x, View dy, View dw, long line, long target) {
        int channels = (int) x.extent(3);
        long image = line / dy.extent(1);
        long outRow = line % dy.extent(1);
        for (int i = 0; i < dw.extent(0); i++) {
            long row = outRow * d.strideHeight() - d.paddingHeight() + (long) i * d.dilationHeight();
            for (int j = 0; row >= 0 && row < x.extent(1) && j < dw.extent(1); j++) {
                long tap = target + 4L * (i * dw.extent(1) + j) * channels;
                for (long outColumn = 0; outColumn < dy.extent(2); outColumn++) {
                    long column = outColumn * d.strideWidth() - d.paddingWidth() + (long) j * d.dilationWidth();
                    if (column >= 0 && column < x.extent(2)) {
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
    }
}
