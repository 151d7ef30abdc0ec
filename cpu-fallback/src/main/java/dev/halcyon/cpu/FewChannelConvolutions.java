package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/**
 * Convolutions of few channels to few channels, which would leave most lanes of a vector idle if a lane were a channel.
 * Here a lane is a pixel: each image is laid out channel by channel, with its padding, so that what a tap sees of many
 * neighbouring pixels is one run of memory at a fixed distance, and nothing needs to be packed. The pixels that lie in
 * the padding between two rows are computed too and thrown away.
 */
final class FewChannelConvolutions {
    /** The most channels, on either side. */
    static final int MOST_CHANNELS = 16;

    private static final int ROWS = TileKernels.ROWS;
    private static final int PARTS = 16;

    private final Workers workers;
    private final TileKernels kernels = Vectorization.tiles();
    private final int width = 2 * kernels.lanes();
    private final Scratch constants = new Scratch();
    private final Scratch sums = new Scratch();

    FewChannelConvolutions(Workers workers) {
        this.workers = workers;
    }

    static boolean suits(Conv2d d, View w) {
        return d.groups() == 1 && d.strideHeight() == 1 && d.strideWidth() == 1 && d.dilationHeight() == 1
                && d.dilationWidth() == 1 && w.extent(0) * w.extent(1) > 1
                && Math.max(w.extent(2), w.extent(3)) <= MOST_CHANNELS;
    }

    /**
     * Extents of a convolution.
     *
     * @param kernelHeight rows of taps
     * @param kernelWidth columns of taps
     * @param inputs input channels
     * @param outputs output channels
     * @param height rows of an image
     * @param imageWidth columns of an image
     * @param top rows of padding above and below
     * @param left columns of padding left and right
     */
    record Extents(int kernelHeight, int kernelWidth, int inputs, int outputs, int height, int imageWidth, int top,
            int left) {
        static Extents of(Conv2d d, View x, View w) {
            return new Extents((int) w.extent(0), (int) w.extent(1), (int) w.extent(2), (int) w.extent(3),
                    (int) x.extent(1), (int) x.extent(2), d.paddingHeight(), d.paddingWidth());
        }

        /** Pixels from a row to the next, padding included. */
        int pitch() {
            return imageWidth + 2 * left;
        }

        int outputHeight() {
            return height + 2 * top - kernelHeight + 1;
        }

        int outputWidth() {
            return pitch() - kernelWidth + 1;
        }

        /** Pixels of an image with its padding. */
        int pixels() {
            return (height + 2 * top) * pitch();
        }

        /** Pixels that are computed. */
        int computed() {
            return outputHeight() * pitch();
        }

        int terms() {
            return kernelHeight * kernelWidth * inputs;
        }
    }

    /** y = activation(x * w + bias); bias may be 0 for none. */
    void forward(Extents e, int images, long x, long w, long bias, Unary activation, long y) {
        long plane = 4L * (e.pixels() + 2 * width);
        long outputPlane = 4L * Math.ceilDiv(e.computed(), width) * width;
        int groups = Math.ceilDiv(e.outputs, ROWS);
        long taps = constants.request(8L * e.terms() + 32L * groups * e.terms() + 4L * groups * ROWS * width);
        long offsets = taps + 32L * groups * e.terms();
        long starts = offsets + 8L * e.terms();
        packTaps(e, w, plane, taps, offsets);
        packBias(e, bias, starts);
        int perChunk = (int) Workers.chunkSize(images, 2.0 * e.computed() * e.terms() * e.outputs);
        workers.run(Math.ceilDiv(images, perChunk), (chunk, worker) -> {
            long planes = workers.scratch(worker)
                    .request(e.inputs * plane + groups * ROWS * outputPlane + TileKernels.SLACK);
            long products = planes + e.inputs * plane;
            Memory.clear(planes, e.inputs * plane);
            for (int image = chunk * perChunk; image < Math.min(images, (chunk + 1) * perChunk); image++) {
                toPlanes(e, x + 4L * image * e.height * e.imageWidth * e.inputs, plane, planes);
                for (int group = 0; group < groups; group++) {
                    for (int pixel = 0; pixel < e.computed(); pixel += width) {
                        kernels.byOffsets(2, taps + 32L * group * e.terms(), planes + 4L * pixel, offsets, e.terms(),
                                starts + 4L * group * ROWS * width, 4L * width,
                                products + group * ROWS * outputPlane + 4L * pixel, outputPlane);
                    }
                }
                finish(e, products, outputPlane, activation,
                        y + 4L * image * e.outputHeight() * e.outputWidth() * e.outputs);
            }
        });
    }

    /** Taps as panels of eight outputs, [group][term][8], and where each term's pixels lie from an output's. */
    private static void packTaps(Extents e, long w, long plane, long taps, long offsets) {
        for (int term = 0; term < e.terms(); term++) {
            int tap = term / e.inputs;
            Memory.setLong(offsets + 8L * term, term % e.inputs * plane
                    + 4L * (tap / e.kernelWidth * e.pitch() + tap % e.kernelWidth));
            for (int output = 0; output < Math.ceilDiv(e.outputs, ROWS) * ROWS; output++) {
                float value = output < e.outputs ? Memory.getFloat(w + 4L * (term * e.outputs + output)) : 0;
                Memory.setFloat(taps + 4L * ((output / ROWS * e.terms() + term) * ROWS + output % ROWS), value);
            }
        }
    }

    /** What the sums start with: a vector's width of each output's bias. */
    private void packBias(Extents e, long bias, long starts) {
        for (int output = 0; output < Math.ceilDiv(e.outputs, ROWS) * ROWS; output++) {
            float value = bias != 0 && output < e.outputs ? Memory.getFloat(bias + 4L * output) : 0;
            for (int i = 0; i < width; i++) {
                Memory.setFloat(starts + 4L * (output * width + i), value);
            }
        }
    }

    /** An image channel by channel; the padding is there already. */
    private void toPlanes(Extents e, long image, long plane, long planes) {
        for (int row = 0; row < e.height; row++) {
            long from = image + 4L * row * e.imageWidth * e.inputs;
            long to = planes + 4L * ((row + e.top) * e.pitch() + e.left);
            if (e.inputs == 1) {
                Memory.copy(from, to, 4L * e.imageWidth);
            } else {
                kernels.transpose(from, 4L * e.inputs, e.imageWidth, e.inputs, to, plane);
            }
        }
    }

    private void finish(Extents e, long products, long plane, Unary activation, long y) {
        long rowFloats = (long) e.outputWidth() * e.outputs;
        for (int row = 0; row < e.outputHeight(); row++) {
            long to = y + 4 * row * rowFloats;
            kernels.transpose(products + 4L * row * e.pitch(), plane, e.outputs, e.outputWidth(), to, 4L * e.outputs);
            if (activation != Unary.IDENTITY) {
                Vectorization.rows().unary(activation, to, to, rowFloats);
            }
        }
    }

    /** dw += the sums over all pixels of inputs times output gradients; a lane is a tap of a row and its channel. */
    void weightGradient(Extents e, int images, long x, long dy, long dw) {
        int groups = Math.ceilDiv(e.outputs, ROWS);
        int columns = e.kernelWidth * e.inputs;
        int lanes = kernels.lanes();
        int padded = Math.ceilDiv(columns, lanes) * lanes;
        long partBytes = 4L * e.kernelHeight * groups * ROWS * padded;
        int perPart = Math.ceilDiv(images, PARTS);
        int parts = Math.ceilDiv(images, perPart);
        long total = sums.request(parts * partBytes);
        long offsets = constants.request(8L * e.computed());
        for (int pixel = 0; pixel < e.computed(); pixel++) {
            Memory.setLong(offsets + 8L * pixel, 4L * pixel * e.inputs);
        }
        workers.run(parts, (part, worker) -> {
            long imageBytes = 4L * (e.pixels() * e.inputs + 2 * width);
            long gradientBytes = 4L * ROWS * e.computed() + TileKernels.SLACK;
            long image = workers.scratch(worker).request(imageBytes + groups * gradientBytes);
            Memory.clear(image, imageBytes + groups * gradientBytes);
            Memory.clear(total + part * partBytes, partBytes);
            for (int i = part * perPart; i < Math.min(images, (part + 1) * perPart); i++) {
                pad(e, x + 4L * i * e.height * e.imageWidth * e.inputs, image);
                spread(e, dy + 4L * i * e.outputHeight() * e.outputWidth() * e.outputs, gradientBytes,
                        image + imageBytes);
                for (int row = 0; row < e.kernelHeight; row++) {
                    for (int group = 0; group < groups; group++) {
                        for (int column = 0; column < padded; column += width) {
                            int vectors = Math.min(2, (padded - column) / lanes);
                            long c = total + part * partBytes
                                    + 4L * ((row * groups + group) * ROWS * padded + column);
                            kernels.byOffsets(vectors, image + imageBytes + group * gradientBytes,
                                    image + 4L * (row * e.pitch() * e.inputs + column), offsets, e.computed(), c,
                                    4L * padded, c, 4L * padded);
                        }
                    }
                }
            }
        });
        addParts(e, total, parts, partBytes, padded, dw);
    }

    private static void pad(Extents e, long image, long to) {
        for (int row = 0; row < e.height; row++) {
            Memory.copy(image + 4L * row * e.imageWidth * e.inputs,
                    to + 4L * ((row + e.top) * e.pitch() + e.left) * e.inputs, 4L * e.imageWidth * e.inputs);
        }
    }

    /**
     * Gradients of an image as panels of eight outputs, with zeros at the pixels between two rows. What a panel has
     * beyond the outputs may hold anything; a copied pixel spills over into the next.
     */
    private void spread(Extents e, long dy, long panel, long to) {
        int gap = e.pitch() - e.outputWidth();
        for (int group = 0; group * ROWS < e.outputs; group++) {
            for (int row = 0; row < e.outputHeight(); row++) {
                long from = dy + 4L * (row * e.outputWidth() * e.outputs + group * ROWS);
                long target = to + group * panel + 4L * ROWS * row * e.pitch();
                kernels.copyRuns(from, 4L * e.outputs, target, 4L * ROWS, e.outputWidth(), ROWS);
                Memory.clear(target + 4L * ROWS * e.outputWidth(), 4L * ROWS * gap);
            }
        }
    }

    private static void addParts(Extents e, long total, int parts, long partBytes, int padded, long dw) {
        int groups = Math.ceilDiv(e.outputs, ROWS);
        for (int row = 0; row < e.kernelHeight; row++) {
            for (int column = 0; column < e.kernelWidth * e.inputs; column++) {
                for (int output = 0; output < e.outputs; output++) {
                    long from = total + 4L * (((row * groups + output / ROWS) * ROWS + output % ROWS) * padded
                            + column);
                    long to = dw + 4L * ((row * e.kernelWidth * e.inputs + column) * e.outputs + output);
                    float sum = Memory.getFloat(to);
                    for (int part = 0; part < parts; part++) {
                        sum += Memory.getFloat(from + part * partBytes);
                    }
                    Memory.setFloat(to, sum);
                }
            }
        }
    }

    void close() {
        constants.close();
        sums.close();
    }
}
