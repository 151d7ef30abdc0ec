package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Runs;

/**
 * Sums of products over tiles, for {@link WinogradWeightGradient}: for each of the 6×6 values a matrix of inputs ×
 * outputs. Where the tiles are summed in parts, each part has its own.
 */
final class WinogradSums {
    private static final int VALUES = TileGrid.VALUES;

    private final MinimalFilter filter;
    private final int inputs;
    private final int outputs;
    private final int parts;
    private final long rowBytes;
    private final long plane;
    private long zeros;

    WinogradSums(MinimalFilter filter, int inputs, int outputs, int parts) {
        this.filter = filter;
        this.inputs = inputs;
        this.outputs = outputs;
        this.parts = parts;
        rowBytes = 4 * TileBlock.paddedColumns(outputs);
        plane = Math.ceilDiv(inputs, TileKernels.ROWS) * TileKernels.ROWS * rowBytes + 64;
    }

    int parts() {
        return parts;
    }

    /** Memory that the sums take, with a row of zeros before them. */
    long bytes() {
        return rowBytes + parts * VALUES * VALUES * plane + TileKernels.SLACK;
    }

    /** Puts the sums at an address. */
    void at(long address) {
        zeros = address;
        Memory.clear(zeros, rowBytes);
    }

    private long address(int part, int i, int j) {
        return zeros + rowBytes + ((part * VALUES + i) * VALUES + j) * plane;
    }

    /**
     * Adds the products of tiles to the sums of value (i, j).
     *
     * @param v mapped inputs
     * @param z mapped output gradients
     * @param first whether the part's sums are still empty
     */
    void add(int part, int i, int j, TransformedTiles v, TransformedTiles z, int tiles, boolean first) {
        TransformKernels kernels = Vectorization.transforms();
        int lanes = Vectorization.tiles().lanes();
        for (int column = 0, width; column < outputs; column += width) {
            width = TileBlock.width(column, outputs);
            for (int row = 0; row < inputs; row += TileKernels.ROWS) {
                long c = address(part, i, j) + row * rowBytes + 4L * column;
                kernels.addProducts(width / lanes, v.channel(i, j, row), z.channel(i, j, column), tiles,
                        first ? zeros : c, first ? 0 : rowBytes, c, rowBytes);
            }
        }
    }

    /** Adds to an input's taps what its sums say. */
    void toTaps(int input, long dw, Scratch scratch) {
        TransformKernels kernels = Vectorization.transforms();
        int count = filter.taps();
        long halfway = scratch.request((count * VALUES + count) * rowBytes + TileKernels.SLACK);
        long taps = halfway + count * VALUES * rowBytes;
        for (int j = 0; j < VALUES; j++) {
            kernels.map(filter.toTapGradients(), new Runs(address(0, 0, j) + input * rowBytes, VALUES * plane, 0),
                    new Runs(halfway + j * rowBytes, VALUES * rowBytes, 0), 1, outputs);
        }
        for (int i = 0; i < count; i++) {
            kernels.map(filter.toTapGradients(), new Runs(halfway + i * VALUES * rowBytes, rowBytes, 0),
                    new Runs(taps, rowBytes, 0), 1, outputs);
            for (int j = 0; j < count; j++) {
                long target = dw + 4L * ((long) (i * count + j) * inputs + input) * outputs;
                Vectorization.rows().scaleAdd(1, taps + j * rowBytes, 1, target, outputs);
            }
        }
    }

    /** Adds all parts' sums of value (i, j) to the first's, in their order. */
    void addParts(int i, int j) {
        for (int part = 1; part < parts; part++) {
            Vectorization.rows().scaleAdd(1, address(part, i, j), 1, address(0, i, j), (plane - 64) / 4);
        }
    }
}
