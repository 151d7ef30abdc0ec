package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/**
 * Convolutions of few channels to few channels, which would leave most lanes of a vector idle if a lane were a channel.
 * Here a lane is a pixel: images are laid out channel by channel, see {@link Planes}. The pixels that lie in the padding
 * between two rows are computed too and thrown away.
 */
final class FewChannelConvolutions {
    /** The most channels, on either side of a group. */
    private static final int MOST_CHANNELS = 32;
    /** The same where there is but one group. */
    private static final int MOST_UNGROUPED = 16;
    private static final int CHANNELS = PlaneKernels.CHANNELS;

    private final Workers workers;
    private final PlaneKernels kernels = Vectorization.planes();
    /** Pixels of a tile. */
    private final int pixels = PlaneKernels.VECTORS * Vectorization.tiles().lanes();
    private final Scratch constants = new Scratch();

    FewChannelConvolutions(Workers workers) {
        this.workers = workers;
    }

    /** Whether the channels of each group are few. */
    static boolean suits(Conv2d d, View w) {
        return d.strideHeight() == 1 && d.strideWidth() == 1 && w.extent(0) * w.extent(1) > 1
                && Math.max(w.extent(2), w.extent(3) / d.groups()) <= (d.groups() == 1
                        ? MOST_UNGROUPED
                        : MOST_CHANNELS);
    }

    /**
     * What all blocks of a convolution need, and where it is.
     *
     * @param taps [group][panel][term][4]
     * @param offsets where each term's pixels lie from an output's
     * @param starts [group][panel][4], what the sums start with
     */
    private record Task(PlaneExtents e, Planes inputs, Planes outputs, long taps, long offsets, long starts) {
        long panelBytes() {
            return 4L * CHANNELS * e.terms();
        }
    }

    /**
     * y = activation(x * w + bias).
     *
     * @param bias 0 for none
     * @param accumulate whether it is added to y
     */
    void forward(PlaneExtents e, long x, long w, long bias, Unary activation, boolean accumulate, long y) {
        Task task = prepare(e, w, bias);
        double cost = 2.0 * e.mostRows() * e.pitch() * e.terms() * e.outputs() * e.mostGroups();
        workers.forEach(e.blocks(), cost, (number, worker) -> {
            PlaneExtents.Block block = e.block((int) number);
            Planes inputs = task.inputs;
            Planes outputs = task.outputs.withRows(block.rows());
            int channels = block.groups() * e.inputs();
            int products = block.groups() * e.outputs();
            long from = workers.scratch(worker).request(channels * inputs.bytes()
                    + (products + CHANNELS) * outputs.bytes() + inputs.staging(channels) + outputs.staging(products));
            long to = from + channels * inputs.bytes();
            long staging = to + (products + CHANNELS) * outputs.bytes();
            inputs.fill(x + e.inputAt(block), e.inputPixel(), e.height(), block.row() - e.top(), channels, staging,
                    from);
            multiply(task, block, from, to);
            for (int i = 0; activation != Unary.IDENTITY && i < products; i++) {
                long plane = to + i * outputs.bytes();
                Vectorization.rows().unary(activation, plane, plane, (long) block.rows() * e.pitch());
            }
            outputs.gather(to, products, accumulate, staging, y + e.outputAt(block), e.outputPixel());
        });
    }

    private Task prepare(PlaneExtents e, long w, long bias) {
        long tapBytes = 4L * CHANNELS * e.terms() * e.panels() * e.groups();
        long startBytes = 4L * CHANNELS * e.panels() * e.groups();
        long taps = constants.request(tapBytes + TileKernels.SLACK + 8L * e.terms() + startBytes);
        long offsets = taps + tapBytes + TileKernels.SLACK;
        Task task = new Task(e, e.inputPlanes(pixels), e.outputPlanes(pixels), taps, offsets,
                offsets + 8L * e.terms());
        e.locateTerms(task.inputs, offsets);
        for (int group = 0; group < e.groups(); group++) {
            for (int panel = 0; panel < e.panels(); panel++) {
                int number = group * e.panels() + panel;
                int first = group * e.outputs() + panel * CHANNELS;
                Vectorization.tiles().copyRuns(w + 4L * first, e.outputPixel(), taps + number * task.panelBytes(),
                        4L * CHANNELS, e.terms(), CHANNELS);
                for (int i = 0; i < CHANNELS; i++) {
                    Memory.setFloat(task.starts + 4L * (number * CHANNELS + i),
                            bias == 0 || panel * CHANNELS + i >= e.outputs() ? 0
                                    : Memory.getFloat(bias + 4L * (first + i)));
                }
            }
        }
        return task;
    }

    /** All outputs of a block, as planes. A panel with fewer outputs than a tile writes a part of the next one's. */
    private void multiply(Task task, PlaneExtents.Block block, long from, long to) {
        PlaneExtents e = task.e;
        int rowTerms = e.kernelWidth() * e.inputs();
        for (int group = 0; group < block.groups(); group++) {
            long channels = from + group * e.inputs() * task.inputs.bytes();
            for (int panel = 0; panel < e.panels(); panel++) {
                int number = (block.group() + group) * e.panels() + panel;
                long products = to + (group * e.outputs() + panel * CHANNELS) * task.outputs.bytes();
                for (int pixel = 0; pixel < block.rows() * e.pitch(); pixel += pixels) {
                    int last = Math.min(block.rows() - 1, (pixel + pixels - 1) / e.pitch());
                    int first = e.firstTap(block.row() + last) * rowTerms;
                    int end = Math.max(first, e.endTap(block.row() + pixel / e.pitch()) * rowTerms);
                    kernels.products(task.taps + number * task.panelBytes() + 4L * CHANNELS * first,
                            channels + 4L * pixel, task.offsets + 8L * first, end - first,
                            task.starts + 4L * CHANNELS * number, products + 4L * pixel, task.outputs.bytes());
                }
            }
        }
    }

    void close() {
        constants.close();
    }
}
