package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Runs;
import dev.halcyon.device.Unary;

/**
 * Sums of products over tiles, for {@link WinogradWeightGradient}: for each of the 6×6 values a matrix of inputs ×
 * outputs, or a block of it. Where the tiles are summed in parts, each part has its own.
 */
final class WinogradSums {
    private static final int VALUES = TileGrid.VALUES;
    private static final int ROWS = TileKernels.ROWS;

    private final MinimalFilter filter;
    private final Block block;
    private final int parts;
    private final long rowBytes;
    private final long plane;
    private long zeros;

    /** Some inputs and outputs, from the first of each on. */
    record Block(int input, int inputs, int output, int outputs) {
    }

    /**
     * The gradient of all weights.
     *
     * @param address of the first tap
     * @param row bytes from an input's taps to the next's
     * @param tap bytes from a tap to the next
     */
    record Weights(long address, long row, long tap) {
    }

    WinogradSums(MinimalFilter filter, Block block, int parts) {
        this.filter = filter;
        this.block = block;
        this.parts = parts;
        rowBytes = 4 * TileBlock.paddedColumns(block.outputs);
        plane = rowBlocks() * ROWS * rowBytes + 64;
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
        for (int column = 0, width; column < block.outputs; column += width) {
            width = TileBlock.width(column, block.outputs);
            for (int row = 0; row < block.inputs; row += ROWS) {
                long c = address(part, i, j) + row * rowBytes + 4L * column;
                kernels.addProducts(width / lanes, v.channel(i, j, block.input + row),
                        z.channel(i, j, block.output + column), tiles, first ? zeros : c, first ? 0 : rowBytes, c,
                        rowBytes);
            }
        }
    }

    /** How many times {@link TileKernels#ROWS} inputs there are. */
    int rowBlocks() {
        return Math.ceilDiv(block.inputs, ROWS);
    }

    /** Scratch memory that {@link #toTaps} needs. */
    long scratchBytes(Weights dw) {
        return filter.taps() * ROWS * (VALUES * rowBytes + dw.row) + TileKernels.SLACK;
    }

    /** Adds to the taps of {@link TileKernels#ROWS} inputs what their sums say. */
    void toTaps(int rowBlock, Weights dw, long halfway) {
        TransformKernels kernels = Vectorization.transforms();
        int count = filter.taps();
        int first = rowBlock * ROWS;
        int rows = Math.min(ROWS, block.inputs - first);
        long step = ROWS * rowBytes;
        long taps = halfway + count * VALUES * step;
        for (int j = 0; j < VALUES; j++) {
            kernels.map(filter.toTapGradients(), new Runs(address(0, 0, j) + first * rowBytes, VALUES * plane, 0),
                    new Runs(halfway + j * step, VALUES * step, 0), 1, (int) step / 4);
        }
        for (int i = 0; i < count; i++) {
            kernels.map(filter.toTapGradients(), new Runs(halfway + i * VALUES * step, step, rowBytes),
                    new Runs(taps, ROWS * dw.row, dw.row), rows, block.outputs);
            for (int j = 0; j < count; j++) {
                long target = dw.address + (i * count + j) * dw.tap + (block.input + first) * dw.row
                        + 4L * block.output;
                new Epilogue(taps + j * ROWS * dw.row - target, Unary.IDENTITY).apply(target, dw.row, rows,
                        block.outputs, 0);
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
