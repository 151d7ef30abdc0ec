package dev.halcyon.cpu;

import dev.halcyon.device.Pool2d;
import dev.halcyon.device.View;

/** Pooling, forward by output rows, backward by images: no two threads write to one place. */
final class Pools {
    private final Workers workers;

    Pools(Workers workers) {
        this.workers = workers;
    }

    /** The part of a window that lies within the image. */
    private record Window(int top, int left, int bottom, int right, int firstRow, int firstColumn) {
        static Window of(Pool2d d, View x, long outRow, long outColumn) {
            int row = (int) outRow * d.strideHeight() - d.paddingHeight();
            int column = (int) outColumn * d.strideWidth() - d.paddingWidth();
            int top = Math.max(0, row);
            int left = Math.max(0, column);
            return new Window(top, left, (int) Math.min(x.extent(1), row + d.kernelHeight()),
                    (int) Math.min(x.extent(2), column + d.kernelWidth()), top - row, left - column);
        }
    }

    /** Something done to one output pixel. */
    @FunctionalInterface
    private interface Pixel {
        void run(long image, long row, long column, long number);
    }

    private void eachPixel(View y, double cost, Pixel pixel) {
        long lines = y.shape().product(0, 2);
        long perChunk = Workers.chunkSize(lines, cost * y.extent(2) * y.extent(3));
        workers.run(Math.toIntExact((lines + perChunk - 1) / perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(lines, (chunk + 1) * perChunk); line++) {
                for (long column = 0; column < y.extent(2); column++) {
                    pixel.run(line / y.extent(1), line % y.extent(1), column, line * y.extent(2) + column);
                }
            }
        });
    }

    void max(Pool2d d, View x, View y, View argument) {
        int channels = (int) x.extent(3);
        long rowBytes = 4 * x.extent(2) * channels;
        eachPixel(y, d.kernelHeight() * d.kernelWidth(), (image, row, column, number) -> {
            Window w = Window.of(d, x, row, column);
            Vectorization.channels().maxWindow(at(x, image, w.top, w.left), w.bottom - w.top, w.right - w.left,
                    rowBytes, w.firstRow * d.kernelWidth() + w.firstColumn, d.kernelWidth(), channels,
                    Memory.address(y) + 4 * number * channels, Memory.address(argument) + number * channels);
        });
    }

    void maxGradient(Pool2d d, View argument, View dy, View dx) {
        int channels = (int) dx.extent(3);
        long imagePixels = dy.shape().product(1, 3);
        workers.run((int) dx.extent(0), (image, worker) -> {
            Memory.clear(at(dx, image, 0, 0), dx.bytes() / dx.extent(0));
            for (long pixel = 0; pixel < imagePixels; pixel++) {
                long number = image * imagePixels + pixel;
                int top = (int) (pixel / dy.extent(2)) * d.strideHeight() - d.paddingHeight();
                int left = (int) (pixel % dy.extent(2)) * d.strideWidth() - d.paddingWidth();
                long origin = at(dx, image, top, left);
                for (int c = 0; c < channels; c++) {
                    int place = Byte.toUnsignedInt(Memory.getByte(Memory.address(argument) + number * channels + c));
                    long offset = place / d.kernelWidth() * dx.extent(2) + place % d.kernelWidth();
                    long target = origin + 4 * (offset * channels + c);
                    Memory.setFloat(target, Memory.getFloat(target)
                            + Memory.getFloat(Memory.address(dy) + 4 * (number * channels + c)));
                }
            }
        });
    }

    void average(Pool2d d, View x, View y) {
        int channels = (int) x.extent(3);
        float share = 1f / (d.kernelHeight() * d.kernelWidth());
        RowKernels rows = Vectorization.rows();
        eachPixel(y, d.kernelHeight() * d.kernelWidth(), (image, row, column, number) -> {
            long to = Memory.address(y) + 4 * number * channels;
            Memory.clear(to, 4L * channels);
            Window w = Window.of(d, x, row, column);
            for (int r = w.top; r < w.bottom; r++) {
                for (int c = w.left; c < w.right; c++) {
                    rows.scaleAdd(share, at(x, image, r, c), 1, to, channels);
                }
            }
        });
    }

    void averageGradient(Pool2d d, View dy, View dx) {
        int channels = (int) dx.extent(3);
        float share = 1f / (d.kernelHeight() * d.kernelWidth());
        RowKernels rows = Vectorization.rows();
        long imagePixels = dy.shape().product(1, 3);
        workers.run((int) dx.extent(0), (image, worker) -> {
            Memory.clear(at(dx, image, 0, 0), dx.bytes() / dx.extent(0));
            for (long pixel = 0; pixel < imagePixels; pixel++) {
                Window w = Window.of(d, dx, pixel / dy.extent(2), pixel % dy.extent(2));
                long from = Memory.address(dy) + 4 * (image * imagePixels + pixel) * channels;
                for (int r = w.top; r < w.bottom; r++) {
                    for (int c = w.left; c < w.right; c++) {
                        rows.scaleAdd(share, from, 1, at(dx, image, r, c), channels);
                    }
                }
            }
        });
    }

    private static long at(View images, long image, long row, long column) {
        return Memory.address(images)
                + 4 * ((image * images.extent(1) + row) * images.extent(2) + column) * images.extent(3);
    }
}
