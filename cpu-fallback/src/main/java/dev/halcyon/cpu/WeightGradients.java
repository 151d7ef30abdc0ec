package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.View;
import java.util.List;

/**
 * Gradients of convolution weights: for each tap, the product of shifted input pixels, transposed, with the output's
 * gradient. Both are read where they lie: a segment is one output row of one image. Blocks of the result are
 * independent; each goes through the batch in spans that stay in the cache.
 */
final class WeightGradients {
    private static final int COLUMN_BLOCK = 128;
    private static final int CHANNEL_BLOCK = 48;
    private static final int MOST_TILE_ROWS = 8;
    /** Bytes of input and gradient that one span of images may have together. */
    private static final long SPAN_BYTES = 768 << 10;
    /** Below so many channels, a tile would be mostly empty: pixels are gathered into patches instead. */
    private static final int FEW_CHANNELS = 6;
    private static final int PATCH_PIXELS = 256;
    private static final int MOST_PARTS = 32;

    private final Workers workers;
    private final Scratch parts = new Scratch();

    WeightGradients(Workers workers) {
        this.workers = workers;
    }

    void add(Conv2d d, View x, View dy, View dw, int group) {
        Problem p = new Problem(d, x, dy, dw, group);
        if (p.channels < FEW_CHANNELS) {
            addByPatches(p);
            return;
        }
        int columnBlocks = (p.outputs + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
        int channelBlocks = (p.channels + CHANNEL_BLOCK - 1) / CHANNEL_BLOCK;
        int taps = p.kernelHeight * p.kernelWidth;
        workers.run(taps * columnBlocks * channelBlocks, (chunk, worker) -> {
            int column = chunk % columnBlocks * COLUMN_BLOCK;
            int channel = chunk / columnBlocks % channelBlocks * CHANNEL_BLOCK;
            int tap = chunk / columnBlocks / channelBlocks;
            List<Panels.Strip> strips = Panels.strips(column, Math.min(p.outputs, column + COLUMN_BLOCK));
            addTap(p, tap, channel, Math.min(p.channels, channel + CHANNEL_BLOCK), strips, workers.scratch(worker));
        });
    }

    private static void addTap(Problem p, int tap, int channel0, int channel1, List<Panels.Strip> strips,
            Scratch scratch) {
        int span = (int) Math.max(1, SPAN_BYTES / p.imageBytes());
        int most = span * p.outHeight;
        long plan = scratch.request(8L * most * (MOST_TILE_ROWS + 2) + 8 * MOST_TILE_ROWS);
        long table = plan + 8L * most * (MOST_TILE_ROWS + 2);
        for (int image = 0; image < p.images; image += span) {
            int end = Math.min(p.images, image + span);
            for (Panels.Strip strip : strips) {
                TileKernels.Tile tile = Panels.tile(strip);
                for (int channel = channel0; channel < channel1; channel += tile.rows()) {
                    int rows = Math.min(tile.rows(), channel1 - channel);
                    int segments = p.point(plan, tile, tap, channel, rows, strip.start(), image, end);
                    for (int i = 0; i < rows; i++) {
                        Memory.setLong(table + 8L * i, p.weight(tap, channel + i) + 4L * strip.start());
                    }
                    Vectorization.tiles().multiply(strip.tile(), plan, segments, 4L * p.strideWidth * p.pixel,
                            4L * p.outPixel, table, rows, strip.columns(), true);
                }
            }
        }
    }

    /** With few channels: rows of patches, transposed, times the gradient; parts of the batch summed in their order. */
    private void addByPatches(Problem p) {
        int terms = p.kernelHeight * p.kernelWidth * p.channels;
        long pixels = (long) p.images * p.outHeight * p.outWidth;
        int count = (int) Math.min(MOST_PARTS, (pixels + PATCH_PIXELS - 1) / PATCH_PIXELS);
        long perPart = (pixels + count - 1) / count;
        long partFloats = (long) terms * p.outputs;
        long base = parts.request(4L * partFloats * count);
        List<Panels.Strip> strips = Panels.strips(0, p.outputs);
        workers.run(count, (part, worker) -> {
            long target = base + 4L * partFloats * part;
            Memory.clear(target, 4L * partFloats);
            long end = Math.min(pixels, (part + 1) * perPart);
            for (long first = part * perPart; first < end; first += PATCH_PIXELS) {
                patchProduct(p, terms, first, (int) Math.min(PATCH_PIXELS, end - first), strips, target,
                        workers.scratch(worker));
            }
        });
        RowKernels rows = Vectorization.rows();
        for (int part = 0; part < count; part++) {
            for (int term = 0; term < terms; term++) {
                rows.scaleAdd(1, base + 4L * (partFloats * part + (long) term * p.outputs), 1,
                        p.weight(term / p.channels, term % p.channels), p.outputs);
            }
        }
    }

    private static void patchProduct(Problem p, int terms, long first, int pixels, List<Panels.Strip> strips,
            long target, Scratch scratch) {
        long patches = scratch.request(4L * PATCH_PIXELS * terms + 8 * (2 * MOST_TILE_ROWS + 2));
        long plan = patches + 4L * PATCH_PIXELS * terms;
        long table = plan + 8 * (MOST_TILE_ROWS + 2);
        for (int i = 0; i < pixels; i++) {
            p.gather(first + i, patches + 4L * i * terms);
        }
        Memory.setLong(plan, pixels);
        for (Panels.Strip strip : strips) {
            TileKernels.Tile tile = Panels.tile(strip);
            Memory.setLong(plan + 8, p.gradient + 4L * (first * p.outPixel + strip.start()));
            for (int term = 0; term < terms; term += tile.rows()) {
                int rows = Math.min(tile.rows(), terms - term);
                for (int i = 0; i < tile.rows(); i++) {
                    int row = term + Math.min(i, rows - 1);
                    Memory.setLong(plan + 16 + 8L * i, patches + 4L * row);
                    Memory.setLong(table + 8L * i, target + 4L * ((long) row * p.outputs + strip.start()));
                }
                Vectorization.tiles().multiply(strip.tile(), plan, 1, 4L * terms, 4L * p.outPixel, table, rows,
                        strip.columns(), true);
            }
        }
    }

    void close() {
        parts.close();
    }

    /** The extents and addresses of one group of one convolution. */
    private static final class Problem {
        private final Conv2d d;
        private final int images;
        private final int height;
        private final int width;
        private final int pixel;
        private final int channels;
        private final int outHeight;
        private final int outWidth;
        private final int outPixel;
        private final int outputs;
        private final int kernelHeight;
        private final int kernelWidth;
        private final int strideWidth;
        private final long input;
        private final long gradient;
        private final long weights;

        Problem(Conv2d d, View x, View dy, View dw, int group) {
            this.d = d;
            images = (int) x.extent(0);
            height = (int) x.extent(1);
            width = (int) x.extent(2);
            pixel = (int) x.extent(3);
            channels = (int) dw.extent(2);
            outHeight = (int) dy.extent(1);
            outWidth = (int) dy.extent(2);
            outPixel = (int) dy.extent(3);
            outputs = (int) dw.extent(3) / d.groups();
            kernelHeight = (int) dw.extent(0);
            kernelWidth = (int) dw.extent(1);
            strideWidth = d.strideWidth();
            input = Memory.address(x) + 4L * group * channels;
            gradient = Memory.address(dy) + 4L * group * outputs;
            weights = Memory.address(dw) + 4L * group * outputs;
        }

        long imageBytes() {
            return 4L * ((long) height * width * pixel + (long) outHeight * outWidth * outPixel);
        }

        /** The weight of a tap and an input channel for the first output channel. */
        long weight(int tap, int channel) {
            return weights + 4L * ((long) tap * channels + channel) * outPixel;
        }

        /** Lists the output rows of some images whose taps lie within the input, as segments. */
        int point(long plan, TileKernels.Tile tile, int tap, int channel, int rows, int column, int from, int to) {
            int rowShift = tap / kernelWidth * d.dilationHeight() - d.paddingHeight();
            int columnShift = tap % kernelWidth * d.dilationWidth() - d.paddingWidth();
            int left = Math.max(0, Math.ceilDiv(-columnShift, strideWidth));
            int right = Math.min(outWidth, Math.floorDiv(width - 1 - columnShift, strideWidth) + 1);
            int segments = 0;
            for (int image = from; left < right && image < to; image++) {
                for (int outRow = 0; outRow < outHeight; outRow++) {
                    int row = outRow * d.strideHeight() + rowShift;
                    if (row < 0 || row >= height) {
                        continue;
                    }
                    long entry = plan + 8L * segments * tile.planStride();
                    long a = input + 4L * (((long) image * height + row) * width + (long) left * strideWidth
                            + columnShift) * pixel;
                    Memory.setLong(entry, right - left);
                    Memory.setLong(entry + 8,
                            gradient + 4L * ((((long) image * outHeight + outRow) * outWidth + left) * outPixel + column));
                    for (int i = 0; i < tile.rows(); i++) {
                        Memory.setLong(entry + 16 + 8L * i, a + 4L * (channel + Math.min(i, rows - 1)));
                    }
                    segments++;
                }
            }
            return segments;
        }

        /** The input pixels that output pixel {@code number} sees, tap by tap, zeros outside the image. */
        void gather(long number, long to) {
            int column = (int) (number % outWidth) * strideWidth - d.paddingWidth();
            int row = (int) (number / outWidth % outHeight) * d.strideHeight() - d.paddingHeight();
            long image = number / outWidth / outHeight;
            long next = to;
            for (int i = 0; i < kernelHeight; i++) {
                int r = row + i * d.dilationHeight();
                for (int j = 0; j < kernelWidth; j++) {
                    int c = column + j * d.dilationWidth();
                    boolean inside = r >= 0 && r < height && c >= 0 && c < width;
                    long from = input + 4L * ((image * height + r) * width + c) * pixel;
                    for (int channel = 0; channel < channels; channel++) {
                        Memory.setFloat(next, inside ? Memory.getFloat(from + 4L * channel) : 0);
                        next += 4;
                    }
                }
            }
        }
    }
}
