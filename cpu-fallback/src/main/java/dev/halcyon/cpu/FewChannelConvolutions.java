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

    /** Whether the channels of each group are few. */
    static boolean suits(Conv2d d, View w) {
        return d.strideHeight() == 1 && d.strideWidth() == 1 && d.dilationHeight() == 1 && d.dilationWidth() == 1
                && w.extent(0) * w.extent(1) > 1
                && Math.max(w.extent(2), w.extent(3) / d.groups()) <= MOST_CHANNELS;
    }

    /**
     * Extents of a convolution.
     *
     * @param kernelHeight rows of taps
     * @param kernelWidth columns of taps
     * @param groups groups of channels
     * @param inputs input channels of a group
     * @param outputs output channels of a group
     * @param height rows of an image
     * @param imageWidth columns of an image
     * @param top rows of padding above and below
     * @param left columns of padding left and right
     */
    record Extents(int kernelHeight, int kernelWidth, int groups, int inputs, int outputs, int height, int imageWidth,
            int top, int left) {
        /** Those of a convolution. */
        static Extents of(Conv2d d, View x, View w) {
            return new Extents((int) w.extent(0), (int) w.extent(1), d.groups(), (int) w.extent(2),
                    (int) w.extent(3) / d.groups(), (int) x.extent(1), (int) x.extent(2), d.paddingHeight(),
                    d.paddingWidth());
        }

        /** Those of the convolution of dy that gives the gradient of the input. */
        static Extents ofInputGradient(Conv2d d, View dy, View w) {
            return new Extents((int) w.extent(0), (int) w.extent(1), d.groups(), (int) w.extent(3) / d.groups(),
                    (int) w.extent(2), (int) dy.extent(1), (int) dy.extent(2),
                    (int) w.extent(0) - 1 - d.paddingHeight(), (int) w.extent(1) - 1 - d.paddingWidth());
        }

        /** Panels of eight outputs in a group. */
        int panels() {
            return Math.ceilDiv(outputs, ROWS);
        }

        /** Bytes of an image. */
        long imageBytes() {
            return 4L * height * imageWidth * groups * inputs;
        }

        /** Bytes of an image's outputs. */
        long outputBytes() {
            return 4L * outputHeight() * outputWidth() * groups * outputs;
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
        int panels = e.panels();
        long tapBytes = 32L * panels * e.terms();
        long startBytes = 4L * panels * ROWS * width;
        long offsets = constants.request(8L * e.terms() + e.groups * (tapBytes + startBytes));
        long taps = offsets + 8L * e.terms();
        long starts = taps + e.groups * tapBytes;
        locateTerms(e, plane, offsets);
        for (int group = 0; group < e.groups; group++) {
            packTaps(e, w + 4L * group * e.outputs, taps + group * tapBytes);
            packBias(e, bias == 0 ? 0 : bias + 4L * group * e.outputs, starts + group * startBytes);
        }
        workers.forEach((long) images * e.groups, 2.0 * e.computed() * e.terms() * e.outputs, (item, worker) -> {
            long image = item / e.groups;
            long group = item % e.groups;
            long planes = workers.scratch(worker)
                    .request(e.inputs * plane + panels * ROWS * outputPlane + TileKernels.SLACK);
            long products = planes + e.inputs * plane;
            Memory.clear(planes, e.inputs * plane);
            toPlanes(e, x + image * e.imageBytes() + 4 * group * e.inputs, plane, planes);
            for (int panel = 0; panel < panels; panel++) {
                for (int pixel = 0; pixel < e.computed(); pixel += width) {
                    kernels.byOffsets(2, taps + group * tapBytes + 32L * panel * e.terms(), planes + 4L * pixel,
                            offsets, e.terms(), starts + group * startBytes + 4L * panel * ROWS * width, 4L * width,
                            products + panel * ROWS * outputPlane + 4L * pixel, outputPlane);
                }
            }
            finish(e, products, outputPlane, activation, y + image * e.outputBytes() + 4 * group * e.outputs);
        });
    }

    /** Where each term's pixels lie from an output's. */
    private static void locateTerms(Extents e, long plane, long offsets) {
        for (int term = 0; term < e.terms(); term++) {
            int tap = term / e.inputs;
            Memory.setLong(offsets + 8L * term, term % e.inputs * plane
                    + 4L * (tap / e.kernelWidth * e.pitch() + tap % e.kernelWidth));
        }
    }

    /** Taps of a group as panels of eight outputs, [panel][term][8]. */
    private static void packTaps(Extents e, long w, long taps) {
        for (int term = 0; term < e.terms(); term++) {
            for (int output = 0; output < e.panels() * ROWS; output++) {
                float value = output < e.outputs
                        ? Memory.getFloat(w + 4L * (term * e.groups * e.outputs + output))
                        : 0;
                Memory.setFloat(taps + 4L * ((output / ROWS * e.terms() + term) * ROWS + output % ROWS), value);
            }
        }
    }

    /** What the sums start with: a vector's width of each output's bias. */
    private void packBias(Extents e, long bias, long starts) {
        for (int output = 0; output < e.panels() * ROWS; output++) {
            float value = bias != 0 && output < e.outputs ? Memory.getFloat(bias + 4L * output) : 0;
            for (int i = 0; i < width; i++) {
                Memory.setFloat(starts + 4L * (output * width + i), value);
            }
        }
    }

    /** A group of an image channel by channel; the padding is there already. */
    private void toPlanes(Extents e, long image, long plane, long planes) {
        long pixel = 4L * e.groups * e.inputs;
        for (int row = 0; row < e.height; row++) {
            long from = image + row * e.imageWidth * pixel;
            long to = planes + 4L * ((row + e.top) * e.pitch() + e.left);
            if (e.inputs == 1 && e.groups == 1) {
                Memory.copy(from, to, 4L * e.imageWidth);
            } else {
                kernels.transpose(from, pixel, e.imageWidth, e.inputs, to, plane);
            }
        }
    }

    private void finish(Extents e, long products, long plane, Unary activation, long y) {
        if (activation != Unary.IDENTITY) {
            for (int output = 0; output < e.outputs; output++) {
                long values = products + output * plane;
                Vectorization.rows().unary(activation, values, values, e.computed());
            }
        }
        long pixel = 4L * e.groups * e.outputs;
        for (int row = 0; row < e.outputHeight(); row++) {
            kernels.transpose(products + 4L * row * e.pitch(), plane, e.outputs, e.outputWidth(),
                    y + row * e.outputWidth() * pixel, pixel);
        }
    }

    /**
     * dw += the sums over all pixels of inputs times output gradients; a lane is a tap of a row and its channel.
     */
    void weightGradient(Extents e, int images, long x, long dy, long dw) {
        int panels = e.panels();
        int columns = e.kernelWidth * e.inputs;
        int lanes = kernels.lanes();
        int padded = Math.ceilDiv(columns, lanes) * lanes;
        long partBytes = 4L * e.kernelHeight * panels * ROWS * padded;
        int perPart = Math.ceilDiv(images, PARTS);
        int parts = Math.ceilDiv(images, perPart);
        long total = sums.request(parts * e.groups * partBytes);
        long offsets = constants.request(8L * e.computed());
        for (int pixel = 0; pixel < e.computed(); pixel++) {
            Memory.setLong(offsets + 8L * pixel, 4L * pixel * e.inputs);
        }
        workers.run(parts * e.groups, (item, worker) -> {
            int part = item / e.groups;
            int group = item % e.groups;
            long target = total + item * partBytes;
            long imageBytes = 4L * (e.pixels() * e.inputs + 2 * width);
            long gradientBytes = 4L * ROWS * e.computed() + TileKernels.SLACK;
            long image = workers.scratch(worker).request(imageBytes + panels * gradientBytes);
            Memory.clear(image, imageBytes + panels * gradientBytes);
            Memory.clear(target, partBytes);
            for (int i = part * perPart; i < Math.min(images, (part + 1) * perPart); i++) {
                pad(e, x + i * e.imageBytes() + 4L * group * e.inputs, image);
                spread(e, dy + i * e.outputBytes() + 4L * group * e.outputs, gradientBytes, image + imageBytes);
                for (int row = 0; row < e.kernelHeight; row++) {
                    for (int panel = 0; panel < panels; panel++) {
                        for (int column = 0; column < padded; column += width) {
                            int vectors = Math.min(2, (padded - column) / lanes);
                            long c = target + 4L * ((row * panels + panel) * ROWS * padded + column);
                            kernels.byOffsets(vectors, image + imageBytes + panel * gradientBytes,
                                    image + 4L * (row * e.pitch() * e.inputs + column), offsets, e.computed(), c,
                                    4L * padded, c, 4L * padded);
                        }
                    }
                }
            }
        });
        for (int group = 0; group < e.groups; group++) {
            addParts(e, total + group * partBytes, parts, e.groups * partBytes, padded,
                    dw + 4L * group * e.outputs);
        }
    }

    /** One group's channels of an image with its padding; what a copied pixel spills over is written after it. */
    private void pad(Extents e, long image, long to) {
        long pixel = 4L * e.groups * e.inputs;
        for (int row = 0; row < e.height; row++) {
            long from = image + row * e.imageWidth * pixel;
            long target = to + 4L * ((row + e.top) * e.pitch() + e.left) * e.inputs;
            if (e.groups == 1) {
                Memory.copy(from, target, e.imageWidth * pixel);
            } else {
                kernels.copyRuns(from, pixel, target, 4L * e.inputs, e.imageWidth, e.inputs);
                Memory.clear(target + 4L * e.imageWidth * e.inputs, TileKernels.SLACK / 2);
            }
        }
    }

    /**
     * Gradients of an image as panels of eight outputs, with zeros at the pixels between two rows. What a panel has
     * beyond the outputs may hold anything; a copied pixel spills over into the next.
     */
    private void spread(Extents e, long dy, long panelBytes, long to) {
        int gap = e.pitch() - e.outputWidth();
        long pixel = 4L * e.groups * e.outputs;
        for (int panel = 0; panel < e.panels(); panel++) {
            for (int row = 0; row < e.outputHeight(); row++) {
                long from = dy + row * e.outputWidth() * pixel + 4L * panel * ROWS;
                long target = to + panel * panelBytes + 4L * ROWS * row * e.pitch();
                kernels.copyRuns(from, pixel, target, 4L * ROWS, e.outputWidth(), ROWS);
                Memory.clear(target + 4L * ROWS * e.outputWidth(), 4L * ROWS * gap);
            }
        }
    }

    private static void addParts(Extents e, long total, int parts, long partBytes, int padded, long dw) {
        int panels = e.panels();
        for (int row = 0; row < e.kernelHeight; row++) {
            for (int column = 0; column < e.kernelWidth * e.inputs; column++) {
                for (int output = 0; output < e.outputs; output++) {
                    long from = total + 4L * (((row * panels + output / ROWS) * ROWS + output % ROWS) * padded
                            + column);
                    long to = dw + 4L * ((row * e.kernelWidth * e.inputs + column) * e.groups * e.outputs + output);
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
