package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/**
 * Convolutions of few channels to more, such as a network's first. A lane is an output channel; pixels are read where
 * they lie, in a copy with its padding where there is any: with few channels that costs little.
 */
final class FewInputConvolutions {
    private static final int MOST_TERMS = 384;
    private static final int MOST_INPUTS = 8;
    private static final int LEAST_OUTPUTS = 8;
    /** The same of each of several groups, where the alternative is sums of pixels in strands. */
    private static final int LEAST_GROUP_OUTPUTS = 12;
    /** The same of 1×1 taps: so few rows of a product that packing the outputs' gradients for it costs too much. */
    private static final int MOST_PIXEL_INPUTS = 32;
    /** Parts of a gradient of the weights that have sums of their own. */
    static final int MOST_PARTS = 16;
    private static final int ROWS = GatherKernels.MOST_ROWS;

    private final Workers workers;
    private final GatherKernels kernels = Vectorization.gathers();
    private final int lanes = Vectorization.tiles().lanes();
    /** Columns of a whole panel. */
    private final int panel = GatherKernels.MOST_VECTORS * lanes;
    private final Scratch constants = new Scratch();
    private final Scratch sums = new Scratch();
    private final FewInputGradients gradients;

    FewInputConvolutions(Workers workers) {
        this.workers = workers;
        this.gradients = new FewInputGradients(workers);
    }

    /** Whether the inputs are few, and the outputs enough to fill half a vector or, with a stride, any. */
    static boolean suits(Conv2d d, View w) {
        return d.groups() == 1 && w.extent(0) * w.extent(1) > 1 && w.extent(2) <= MOST_INPUTS
                && (w.extent(3) >= LEAST_OUTPUTS || d.strideHeight() * d.strideWidth() > 1)
                && w.shape().product(0, 3) <= MOST_TERMS;
    }

    /** Columns of the panel that starts at a column. */
    private int columns(int column, int outputs) {
        int vectors = Math.ceilDiv(outputs - column, lanes);
        return lanes * (vectors > 2 ? GatherKernels.MOST_VECTORS : vectors);
    }

    /** Columns of all panels together. */
    private int allColumns(int outputs) {
        int full = outputs / panel * panel;
        return full == outputs ? full : full + columns(full, outputs);
    }

    /**
     * y = activation(x * w + bias), where bias may be 0 for none. Panels go from last to first, and pixels from first to
     * last: what a vector has too many is written before what belongs there.
     */
    void forward(Conv2d d, Unary activation, View x, View w, long bias, View y) {
        PaddedBands bands = PaddedBands.of(d, x, w, y);
        int outputs = (int) w.extent(3);
        int all = allColumns(outputs);
        long table = constants.request(8L * bands.tableEntries() + 4L * all);
        PaddedBands.Tables tables = bands.locate(table);
        GatherKernels.Terms terms = bands.terms(tables);
        long start = table + 8L * bands.tableEntries();
        Memory.clear(start, 4L * all);
        if (bias != 0) {
            Memory.copy(bias, start, 4L * outputs);
        }
        workers.forEach(bands.count(), 2.0 * bands.mostPixels() * bands.terms() * outputs, (number, worker) -> {
            int band = (int) number;
            long tile = workers.scratch(worker).request(4L * ROWS * panel + bands.copyBytes());
            long input = bands.input(Memory.address(x), band, tile + 4L * ROWS * panel);
            long to = Memory.address(y) + 4 * bands.firstPixel(band) * outputs;
            int count = bands.pixels(band);
            for (int column = (outputs - 1) / panel * panel; column >= 0; column -= panel) {
                int columns = columns(column, outputs);
                int rows = GatherKernels.rows(columns / lanes);
                int valid = Math.min(columns, outputs - column);
                for (int pixel = 0; pixel < count; pixel += rows) {
                    boolean whole = pixel + rows + Math.ceilDiv(columns - valid, outputs) <= count;
                    long c = to + 4L * ((long) pixel * outputs + column);
                    kernels.multiply(columns / lanes, input, tables.pixels() + 8L * pixel, terms,
                            Memory.address(w) + 4L * column, 4L * outputs, start + 4L * column, 0, whole ? c : tile,
                            4L * (whole ? outputs : columns));
                    for (int i = 0; !whole && i < Math.min(rows, count - pixel); i++) {
                        Memory.copy(tile + 4L * i * columns, c + 4L * i * outputs, 4L * valid);
                    }
                }
            }
            if (activation != Unary.IDENTITY) {
                Vectorization.rows().unary(activation, to, to, (long) count * outputs);
            }
        });
    }

    /** Whether outputs of each of several groups are enough for the gradient of the weights to have a lane for each. */
    static boolean suitsGroups(Conv2d d, View w) {
        return d.groups() > 1 && w.extent(3) / d.groups() >= LEAST_GROUP_OUTPUTS
                && w.shape().product(0, 3) <= MOST_TERMS;
    }

    /** Whether inputs are few enough for the gradient of the weights of 1×1 taps. */
    static boolean suitsPixels(View w) {
        return w.extent(2) <= MOST_PIXEL_INPUTS;
    }

    /** dw += the sums over all pixels of inputs times output gradients. Parts of the bands have sums of their own. */
    void weightGradient(Conv2d d, View x, View dy, View dw) {
        PaddedBands bands = PaddedBands.of(d, x, dw, dy);
        int outputs = (int) dw.extent(3) / d.groups();
        if (d.groups() == 1 && gradients.suits(bands, outputs)) {
            gradients.run(bands, Memory.address(x), Memory.address(dy), outputs, Memory.address(dw));
            return;
        }
        PaddedBands.Tables tables = bands.locate(constants.request(8L * bands.tableEntries()));
        int all = allColumns(outputs);
        int tiles = Math.ceilDiv(bands.terms(), ROWS);
        long groupFloats = (long) tiles * ROWS * all;
        long partFloats = d.groups() * groupFloats;
        int parts = Math.min(MOST_PARTS, bands.count());
        long total = sums.request(4L * parts * partFloats);
        workers.run(parts, (part, worker) -> {
            long target = total + 4L * part * partFloats;
            Memory.clear(target, 4L * partFloats);
            long copy = workers.scratch(worker).request(bands.copyBytes());
            int end = bands.firstOf(part + 1, parts);
            for (int band = bands.firstOf(part, parts); band < end; band++) {
                long input = bands.input(Memory.address(x), band, copy);
                long outputGradients = Memory.address(dy) + 4 * bands.firstPixel(band) * dw.extent(3);
                for (int group = 0; group < d.groups(); group++) {
                    add(bands, tables, band, input + 4L * group * dw.extent(2),
                            outputGradients + 4L * group * outputs, 4L * dw.extent(3), outputs,
                            target + 4L * group * groupFloats);
                }
            }
        });
        RowKernels rows = Vectorization.rows();
        workers.forEach((long) d.groups() * tiles, (double) parts * ROWS * outputs, (tile, _) -> {
            long sum = total + 4L * tile * ROWS * all;
            for (int part = 1; part < parts; part++) {
                rows.scaleAdd(1, sum + 4L * part * partFloats, 1, sum, (long) ROWS * all);
            }
            int first = (int) (tile % tiles) * ROWS;
            for (int term = first; term < Math.min(bands.terms(), first + ROWS); term++) {
                rows.scaleAdd(1, sum + 4L * (term - first) * all, 1,
                        Memory.address(dw) + 4 * (term * dw.extent(3) + tile / tiles * outputs), outputs);
            }
        });
    }

    /** Adds a band's products of one group. */
    private void add(PaddedBands bands, PaddedBands.Tables tables, int band, long input, long dy, long pixel,
            int outputs, long target) {
        GatherKernels.Terms pixels = bands.outputs(tables, band);
        int all = allColumns(outputs);
        for (int column = 0; column < outputs; column += panel) {
            int vectors = columns(column, outputs) / lanes;
            for (int term = 0; term < bands.terms(); term += GatherKernels.rows(vectors)) {
                long c = target + 4L * (term * all + column);
                kernels.multiply(vectors, input, tables.terms() + 8L * term, pixels, dy + 4L * column, pixel, c,
                        4L * all, c, 4L * all);
            }
        }
    }

    void close() {
        constants.close();
        sums.close();
        gradients.close();
    }
}
