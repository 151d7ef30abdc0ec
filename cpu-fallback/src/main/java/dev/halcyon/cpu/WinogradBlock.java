package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Runs;
import dev.halcyon.device.Unary;

/** Some lines of tiles of a {@link Winograd} convolution: multiplies them and maps the products to outputs. */
final class WinogradBlock {
    private static final int VALUES = TileGrid.VALUES;

    private final Winograd.Convolution convolution;
    private final TransformedTaps.Kernels kernels;
    private final TileGrid grid;
    private final int firstLine;
    private final int lines;
    private final int rows;
    private final int firstColumn;
    private final int columns;
    private final long rowBytes;
    private final long plane;

    WinogradBlock(Winograd.Convolution convolution, int block, TransformedTaps.Columns some) {
        this.convolution = convolution;
        kernels = convolution.kernels();
        grid = convolution.grid();
        firstLine = block * grid.linesOfBlock();
        lines = convolution.linesOf(block);
        rows = Math.ceilDiv(lines * grid.columns(), TileKernels.ROWS) * TileKernels.ROWS;
        firstColumn = some.first();
        columns = some.count();
        rowBytes = 4 * TileBlock.paddedColumns(columns);
        plane = rows * rowBytes + 64;
    }

    /** Memory that {@link #run} needs. */
    long bytes() {
        return productBytes() + mappingBytes();
    }

    /** Memory of the products, with a row of zeros before them. */
    long productBytes() {
        return rowBytes + VALUES * VALUES * plane + TileKernels.SLACK;
    }

    private long product(long products, int i, int j) {
        return products + rowBytes + (i * VALUES + j) * plane;
    }

    /** Scratch memory to map them to outputs. */
    long mappingBytes() {
        return VALUES * grid.side() * plane + grid.side() * rowBytes
                + (convolution.accumulate() ? grid.width() * pixelBytes() : 0) + TileKernels.SLACK;
    }

    private long pixelBytes() {
        return 4L * kernels.outputs();
    }

    /**
     * Multiplies all parts and maps the products.
     *
     * @param v the mapped tiles
     * @param firstTile where among them this block's tiles are
     * @param u the mapped taps
     */
    void run(TransformedTiles v, int firstTile, TransformedTaps u, long memory) {
        for (int part = 0; part < v.parts(); part++) {
            multiply(v, firstTile, u, part, memory);
        }
        finish(memory, memory + productBytes());
    }

    /**
     * Adds the products of a part of the inputs, the first of which begins the sums.
     *
     * @param products where they are
     */
    void multiply(TransformedTiles v, int firstTile, TransformedTaps u, int part, long products) {
        if (part == 0) {
            Memory.clear(products, rowBytes);
        }
        for (int i = 0; i < VALUES; i++) {
            for (int j = 0; j < VALUES; j++) {
                for (int column = 0, width; column < columns; column += width) {
                    width = TileBlock.width(firstColumn + column, kernels.outputs());
                    column(v.address(part, i, j, firstTile), u.panel(part, i, j, firstColumn + column),
                            v.floats(part), width, product(products, i, j) + 4L * column, part == 0 ? products : 0);
                }
            }
        }
    }

    /** A panel of columns of one product, which begins with zeros or goes on with what is there. */
    private void column(long a, long b, int depth, int width, long c, long zeros) {
        TileKernels tiles = Vectorization.tiles();
        for (int row = 0; row < rows; row += TileKernels.ROWS) {
            long target = c + row * rowBytes;
            tiles.byRows(width / tiles.lanes(), a + row * TileKernels.ROW_BYTES, TileKernels.ROW_BYTES, b, depth,
                    zeros == 0 ? target : zeros, zeros == 0 ? rowBytes : 0, target, rowBytes);
        }
    }

    /** Maps the products to outputs. */
    void finish(long products, long halfway) {
        for (int j = 0; j < VALUES; j++) {
            Vectorization.transforms().map(grid.filter().toOutputs(),
                    new Runs(product(products, 0, j), VALUES * plane, 0),
                    new Runs(halfway + j * plane, VALUES * plane, 0), 1, (int) (plane - 64) / 4);
        }
        for (int line = 0; line < lines; line++) {
            outputLine(line, halfway, halfway + grid.side() * VALUES * plane);
        }
    }

    /** The pixels of a line of tiles, row by row; those that are added to something are computed apart. */
    private void outputLine(int line, long halfway, long scratch) {
        int number = firstLine + line;
        long pixel = pixelBytes();
        long apart = scratch + grid.side() * rowBytes;
        long tiles = halfway + line * grid.columns() * rowBytes;
        for (int row = 0; row < grid.rowsInside(number); row++) {
            long y = convolution.y() + 4L * firstColumn + ((long) grid.image(number) * grid.height() + grid.top(number)
                    + row * grid.dilationHeight()) * grid.width() * pixel;
            long sums = convolution.accumulate() ? apart : y;
            for (int phase = 0; phase < grid.dilationWidth(); phase++) {
                outputPhase(tiles + row * VALUES * plane + phase * grid.columnsOfPhase() * rowBytes,
                        sums + phase * pixel, grid.dilationWidth() * pixel, grid.widthOfPhase(phase), scratch);
            }
            Epilogue epilogue = convolution.accumulate()
                    ? new Epilogue(sums - y, Unary.IDENTITY)
                    : convolution.epilogue();
            epilogue.apply(y, pixel, grid.width(), columns,
                    convolution.bias() == 0 ? 0 : convolution.bias() + 4L * firstColumn);
        }
    }

    /** The pixels of a row that belong to one phase, which lie {@code pixel} bytes apart. */
    private void outputPhase(long from, long to, long pixel, int width, long scratch) {
        int whole = width / grid.side();
        Vectorization.transforms().map(grid.filter().toOutputs(), new Runs(from, plane, rowBytes),
                new Runs(to, pixel, grid.side() * pixel), whole, columns);
        if (whole * grid.side() < width) {
            Vectorization.transforms().map(grid.filter().toOutputs(),
                    new Runs(from + whole * rowBytes, plane, rowBytes),
                    new Runs(scratch, rowBytes, 0), 1, columns);
            for (int column = whole * grid.side(); column < width; column++) {
                Memory.copy(scratch + (column - whole * grid.side()) * rowBytes, to + column * pixel, 4L * columns);
            }
        }
    }
}
