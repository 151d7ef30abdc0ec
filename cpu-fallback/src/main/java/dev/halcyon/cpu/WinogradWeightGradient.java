package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Map;
import dev.halcyon.cpu.TransformKernels.Runs;

/**
 * The weights' gradient of a convolution with 3×3 taps and no stride, by the transposed algorithm of
 * {@link Winograd}: tiles of inputs and of output gradients are mapped to 6×6 values, for each value one product sums
 * over all tiles, and the sums are mapped to 3×3 taps. Every sum is one chain in the order of the tiles.
 */
final class WinogradWeightGradient {
    private static final int VALUES = TileGrid.VALUES;
    private static final int TAPS = 3;
    /** Tiles that are mapped and then multiplied, so that both stay in the second-level cache. */
    private static final int TILES_AT_ONCE = 160;

    private final Workers workers;
    private final Scratch memory = new Scratch();

    WinogradWeightGradient(Workers workers) {
        this.workers = workers;
    }

    /**
     * Adds to dw [3, 3, inputs, outputs].
     *
     * @param x the input images
     * @param dy the gradient of the output, whose tiles the grid has
     */
    void run(TransformedTiles.Source x, int inputs, TransformedTiles.Source dy, int outputs, TileGrid grid, long dw) {
        int linesAtOnce = Math.min(grid.lines(), Math.ceilDiv(TILES_AT_ONCE, grid.columns()));
        TransformedTiles v = new TransformedTiles(inputs, linesAtOnce * grid.columns());
        TransformedTiles z = new TransformedTiles(outputs, linesAtOnce * grid.columns());
        Sums sums = new Sums(inputs, outputs);
        long base = memory.request(v.bytes() + z.bytes() + sums.bytes());
        v.at(base);
        z.at(base + v.bytes());
        sums.base = base + v.bytes() + z.bytes();
        Memory.clear(sums.base, sums.rowBytes());
        for (int first = 0; first < grid.lines(); first += linesAtOnce) {
            int from = first;
            int lines = Math.min(linesAtOnce, grid.lines() - first);
            workers.run(2 * lines, (chunk, worker) -> {
                boolean input = chunk < lines;
                TransformedTiles tiles = input ? v : z;
                TransformedTiles.Source source = input ? x : dy;
                Map map = input ? Map.INPUT : Map.OUTPUT_GRADIENT;
                int line = input ? chunk : chunk - lines;
                tiles.transform(map, source, grid, from + line, line * grid.columns(),
                        workers.scratch(worker).request(tiles.scratchBytes(map, source, grid)));
            });
            workers.run(VALUES * VALUES, (value, worker) -> sums.add(v, z, value / VALUES, value % VALUES,
                    lines * grid.columns(), from == 0));
        }
        workers.run(inputs, (input, worker) -> sums.toTaps(input, dw, workers.scratch(worker)));
    }

    void close() {
        memory.close();
    }

    /** Sums of products for the 6×6 values: matrices of inputs × outputs, behind a row of zeros. */
    private static final class Sums {
        private final int inputs;
        private final int outputs;
        private final long plane;
        private long base;

        Sums(int inputs, int outputs) {
            this.inputs = inputs;
            this.outputs = outputs;
            plane = Math.ceilDiv(inputs, TileKernels.ROWS) * TileKernels.ROWS * rowBytes() + 64;
        }

        long bytes() {
            return rowBytes() + VALUES * VALUES * plane + TileKernels.SLACK;
        }

        long rowBytes() {
            return 4 * TileBlock.paddedColumns(outputs);
        }

        private long at(int i, int j) {
            return base + rowBytes() + (i * VALUES + j) * plane;
        }

        void add(TransformedTiles v, TransformedTiles z, int i, int j, int tiles, boolean first) {
            TransformKernels kernels = Vectorization.transforms();
            int lanes = Vectorization.tiles().lanes();
            for (int column = 0, width; column < outputs; column += width) {
                width = TileBlock.width(column, outputs);
                for (int row = 0; row < inputs; row += TileKernels.ROWS) {
                    long c = at(i, j) + row * rowBytes() + 4L * column;
                    kernels.addProducts(width / lanes, v.channel(i, j, row), z.channel(i, j, column), tiles,
                            first ? base : c, first ? 0 : rowBytes(), c, rowBytes());
                }
            }
        }

        /** Adds what an input's sums say to its 3×3 taps. */
        void toTaps(int input, long dw, Scratch scratch) {
            TransformKernels kernels = Vectorization.transforms();
            long bytes = rowBytes();
            long halfway = scratch.request((TAPS * VALUES + TAPS) * bytes + TileKernels.SLACK);
            long taps = halfway + TAPS * VALUES * bytes;
            for (int j = 0; j < VALUES; j++) {
                kernels.map(Map.TAPS_GRADIENT, new Runs(at(0, j) + input * bytes, VALUES * plane, 0),
                        new Runs(halfway + j * bytes, VALUES * bytes, 0), 1, outputs);
            }
            for (int i = 0; i < TAPS; i++) {
                kernels.map(Map.TAPS_GRADIENT, new Runs(halfway + i * VALUES * bytes, bytes, 0),
                        new Runs(taps, bytes, 0), 1, outputs);
                for (int j = 0; j < TAPS; j++) {
                    long target = dw + 4L * ((long) (i * TAPS + j) * inputs + input) * outputs;
                    Vectorization.rows().scaleAdd(1, taps + j * bytes, 1, target, outputs);
                }
            }
        }
    }
}
