package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Map;

/**
 * Convolutions without stride by F(4×4, 3×3) or F(2×2, 5×5) (Lavin and Gray 2016): a tile of 4×4 or 2×2 outputs takes 36
 * multiplications for each pair of channels instead of 144 or 100. The products of all tiles are 36 matrix products.
 *
 * <p>Rounding errors grow: of random data the root mean square error is about four times that of a plain sum, and the
 * largest error of an output stays below 1e-6·√(taps · inputs) of the outputs' root mean square, by a factor of 3 or more.
 * Which tiles are computed together does not show in the bits.
 */
final class Winograd {
    private static final int COLUMNS_OF_BLOCK = 64;

    private final Workers workers;
    private final PreparedWeights prepared;
    private final Scratch taps = new Scratch();
    private final Scratch tiles = new Scratch();

    Winograd(Workers workers, PreparedWeights prepared) {
        this.workers = workers;
        this.prepared = prepared;
    }

    /**
     * What is to be computed.
     *
     * @param source the input images
     * @param inputs their channels
     * @param weights [taps, taps, inputs, outputs]
     * @param outputs channels of the output
     * @param bias [outputs], or 0 for none
     * @param grid the output's tiles
     * @param accumulate whether the output is added to; it has no bias and no epilogue then
     * @param y the output
     */
    record Convolution(TransformedTiles.Source source, int inputs, long weights, int outputs, long bias,
            Epilogue epilogue, TileGrid grid, boolean accumulate, long y) {
        int blocks() {
            return Math.ceilDiv(grid.lines(), grid.linesOfBlock());
        }

        int linesOf(int block) {
            return Math.min(grid.linesOfBlock(), grid.lines() - block * grid.linesOfBlock());
        }

        /** Columns are cut into blocks; what is left at the end goes to the last. */
        int columnBlocks() {
            return Math.max(1, outputs / COLUMNS_OF_BLOCK);
        }

        int firstColumn(int columnBlock) {
            return columnBlock * COLUMNS_OF_BLOCK;
        }

        int columnsOf(int columnBlock) {
            return columnBlock == columnBlocks() - 1 ? outputs - firstColumn(columnBlock) : COLUMNS_OF_BLOCK;
        }
    }

    void run(Convolution c) {
        TileGrid grid = c.grid;
        if (c.blocks() < TileGrid.ENOUGH_BLOCKS) {
            runShared(c);
            return;
        }
        int tilesOfBlock = grid.linesOfBlock() * grid.columns();
        TransformedTaps u = TransformedTaps.of(grid.filter(), c.weights, c.inputs, c.outputs,
                new TransformedTiles(c.inputs, tilesOfBlock), workers, prepared, taps);
        workers.run(c.blocks(), (block, worker) -> {
            TransformedTiles v = new TransformedTiles(c.inputs, tilesOfBlock);
            WinogradBlock output = new WinogradBlock(c, block);
            long mapping = v.scratchBytes(Map.INPUT, c.source, grid);
            long memory = workers.scratch(worker).request(v.bytes() + Math.max(mapping, output.bytes()));
            v.at(memory);
            for (int line = 0; line < c.linesOf(block); line++) {
                v.transform(Map.INPUT, c.source, grid, block * grid.linesOfBlock() + line, line * grid.columns(),
                        memory + v.bytes());
            }
            for (int columnBlock = 0; columnBlock < c.columnBlocks(); columnBlock++) {
                output.run(v, 0, u, columnBlock, memory + v.bytes());
            }
        });
    }

    /** Few tiles, many channels: all tiles are mapped first and then multiplied by blocks of columns. */
    private void runShared(Convolution c) {
        TileGrid grid = c.grid;
        int blockLines = grid.linesOfBlock();
        int blockTiles = grid.paddedTilesOfBlock();
        TransformedTiles v = new TransformedTiles(c.inputs, c.blocks() * blockTiles);
        TransformedTaps u =
                TransformedTaps.of(grid.filter(), c.weights, c.inputs, c.outputs, v, workers, prepared, taps);
        v.at(tiles.request(v.bytes()));
        workers.run(grid.lines(), (line, worker) -> {
            long scratch = workers.scratch(worker).request(v.scratchBytes(Map.INPUT, c.source, grid));
            int tile = line / blockLines * blockTiles + line % blockLines * grid.columns();
            v.transform(Map.INPUT, c.source, grid, line, tile, scratch);
        });
        workers.run(c.blocks() * c.columnBlocks(), (chunk, worker) -> {
            int block = chunk % c.blocks();
            WinogradBlock output = new WinogradBlock(c, block);
            output.run(v, block * blockTiles, u, chunk / c.blocks(),
                    workers.scratch(worker).request(output.bytes()));
        });
    }

    void close() {
        taps.close();
        tiles.close();
    }
}
