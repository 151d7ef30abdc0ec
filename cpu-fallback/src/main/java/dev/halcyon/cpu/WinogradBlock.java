package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Runs;
import dev.halcyon.device.Unary;

/** Some lines of tiles of a {@link Winograd} convolution: multiplies them and maps the products to outputs. */
final class WinogradBlock {
    private static final int VALUES = TileGrid.VALUES;

    private final Winograd.Convolution convolution;
    private final TileGrid grid;
    private final int firstLine;
    private final int lines;
    private final int rows;

    WinogradBlock(Winograd.Convolution convolution, int block) {
        this.convolution = convolution;
        grid = convolution.grid();
        firstLine = block * grid.linesOfBlock();
        lines = convolution.linesOf(block);
        rows = Math.ceilDiv(lines * grid.columns(), TileKernels.ROWS) * TileKernels.ROWS;
    }

    /** Scratch memory that {@link #run} needs. */
    long bytes() {
        int columns = convolution.columnsOf(convolution.columnBlocks() - 1);
        return zeros(columns) + (VALUES * VALUES + VALUES * grid.side()) * plane(columns)
                + grid.side() * rowBytes(columns)
                + (convolution.accumulate() ? grid.width() * pixelBytes() : 0) + TileKernels.SLACK;
    }

    private long pixelBytes() {
        return 4L * convolution.outputs();
    }

    private static long rowBytes(int columns) {
        return 4 * TileBlock.paddedColumns(columns);
    }

    private long plane(int columns) {
        return rows * rowBytes(columns) + 64;
    }

    private static long zeros(int columns) {
        return rowBytes(columns) + TileKernels.SLACK;
    }

    /**
     * Computes a block of output channels.
     *
     * @param v the mapped tiles
     * @param firstTile where among them this block's tiles are
     * @param u the mapped taps
     */
    void run(TransformedTiles v, int firstTile, TransformedTaps u, int columnBlock, long scratch) {
        int first = convolution.firstColumn(columnBlock);
        int columns = convolution.columnsOf(columnBlock);
        Memory.clear(scratch, zeros(columns));
        long products = scratch + zeros(columns);
        long halfway = products + VALUES * VALUES * plane(columns);
        for (int i = 0; i < VALUES; i++) {
            for (int j = 0; j < VALUES; j++) {
                for (int part = 0; part < v.parts(); part++) {
                    multiply(v, u, part, i, j, firstTile, first, columns, scratch,
                            products + (i * VALUES + j) * plane(columns));
                }
            }
        }
        long plane = plane(columns);
        for (int j = 0; j < VALUES; j++) {
            Vectorization.transforms().map(grid.filter().toOutputs(), new Runs(products + j * plane, VALUES * plane, 0),
                    new Runs(halfway + j * plane, VALUES * plane, 0), 1, (int) (plane - 64) / 4);
        }
        for (int line = 0; line < lines; line++) {
            outputLine(line, first, columns, halfway, halfway + grid.side() * VALUES * plane);
        }
    }

    /** One of the 36 products, or the part of it that a part of the inputs adds. */
    private void multiply(TransformedTiles v, TransformedTaps u, int part, int i, int j, int firstTile, int first,
            int columns, long zeros, long c) {
        TileKernels kernels = Vectorization.tiles();
        long step = rowBytes(columns);
        int depth = v.floats(part);
        for (int column = 0, width; column < columns; column += width) {
            width = TileBlock.width(first + column, convolution.outputs());
            long b = u.panel(v, part, i, j, first + column);
            for (int row = 0; row < rows; row += TileKernels.ROWS) {
                long target = c + row * step + 4L * column;
                kernels.byRows(width / kernels.lanes(), v.address(part, i, j, firstTile + row),
                        TileKernels.ROW_BYTES, b, depth,
                        part == 0 ? zeros : target, part == 0 ? 0 : step, target, step);
            }
        }
    }

    /** The pixels of a line of tiles, row by row; those that are added to something are computed apart. */
    private void outputLine(int line, int first, int columns, long halfway, long scratch) {
        int number = firstLine + line;
        long pixel = pixelBytes();
        long apart = scratch + grid.side() * rowBytes(columns);
        long tiles = halfway + line * grid.columns() * rowBytes(columns);
        for (int row = 0; row < grid.rowsInside(number); row++) {
            long y = convolution.y() + 4L * first + ((long) grid.image(number) * grid.height() + grid.top(number)
                    + row * grid.dilationHeight()) * grid.width() * pixel;
            long sums = convolution.accumulate() ? apart : y;
            for (int phase = 0; phase < grid.dilationWidth(); phase++) {
                outputPhase(tiles + row * VALUES * plane(columns) + phase * grid.columnsOfPhase() * rowBytes(columns),
                        sums + phase * pixel, grid.dilationWidth() * pixel, grid.widthOfPhase(phase), columns, scratch);
            }
            Epilogue epilogue = convolution.accumulate()
                    ? new Epilogue(sums - y, Unary.IDENTITY)
                    : convolution.epilogue();
            epilogue.apply(y, pixel, grid.width(), columns,
                    convolution.bias() == 0 ? 0 : convolution.bias() + 4L * first);
        }
    }

    /** The pixels of a row that belong to one phase, which lie {@code pixel} bytes apart. */
    private void outputPhase(long from, long to, long pixel, int width, int columns, long scratch) {
        long step = rowBytes(columns);
        int whole = width / grid.side();
        Vectorization.transforms().map(grid.filter().toOutputs(), new Runs(from, plane(columns), step),
                new Runs(to, pixel, grid.side() * pixel), whole, columns);
        if (whole * grid.side() < width) {
            Vectorization.transforms().map(grid.filter().toOutputs(),
                    new Runs(from + whole * step, plane(columns), step),
                    new Runs(scratch, step, 0), 1, columns);
            for (int column = whole * grid.side(); column < width; column++) {
                Memory.copy(scratch + (column - whole * grid.side()) * step, to + column * pixel, 4L * columns);
            }
        }
    }
}
