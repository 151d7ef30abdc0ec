package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Map;
import java.util.stream.IntStream;

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
    /** So many narrower blocks of columns keep all threads busy: each maps its own taps. */
    private static final int ENOUGH_COLUMN_BLOCKS = 8;
    /** So many inputs' taps for a block of columns stay in a second-level cache, with their products. */
    private static final int INPUTS_OF_PART = 128;

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
     * @param kernels what they are convolved with
     * @param bias [outputs], or 0 for none
     * @param grid the output's tiles
     * @param accumulate whether the output is added to; it has no bias and no epilogue then
     * @param y the output
     */
    record Convolution(TransformedTiles.Source source, TransformedTaps.Kernels kernels, long bias, Epilogue epilogue,
            TileGrid grid, boolean accumulate, long y) {
        int blocks() {
            return Math.ceilDiv(grid.lines(), grid.linesOfBlock());
        }

        int linesOf(int block) {
            return Math.min(grid.linesOfBlock(), grid.lines() - block * grid.linesOfBlock());
        }
    }

    void run(Convolution c) {
        if (c.blocks() >= TileGrid.ENOUGH_BLOCKS) {
            runApart(c);
        } else if (c.kernels.blocks(TransformedTaps.COLUMNS_AT_ONCE) >= ENOUGH_COLUMN_BLOCKS) {
            runByColumns(c);
        } else {
            runShared(c);
        }
    }

    /** Many tiles: each thread maps its own. */
    private void runApart(Convolution c) {
        TileGrid grid = c.grid;
        int columnBlocks = c.kernels.blocks(COLUMNS_OF_BLOCK);
        TransformedTaps u = TransformedTaps.all(c.kernels, tilesOfBlock(c), workers, prepared, taps);
        workers.run(c.blocks(), (block, worker) -> {
            TransformedTiles v = tilesOfBlock(c);
            long mapping = v.scratchBytes(Map.INPUT, c.source, grid);
            long multiplying = new WinogradBlock(c, block, columns(c, columnBlocks - 1)).bytes();
            long memory = workers.scratch(worker).request(v.bytes() + Math.max(mapping, multiplying));
            v.at(memory);
            for (int line = 0; line < c.linesOf(block); line++) {
                v.transform(Map.INPUT, c.source, grid, block * grid.linesOfBlock() + line, line * grid.columns(),
                        memory + v.bytes());
            }
            for (int i = 0; i < columnBlocks; i++) {
                new WinogradBlock(c, block, columns(c, i)).run(v, 0, u, memory + v.bytes());
            }
        });
    }

    private static TransformedTiles tilesOfBlock(Convolution c) {
        return TransformedTiles.byRows(c.kernels.inputs(), c.grid.linesOfBlock() * c.grid.columns(),
                TileKernels.MOST_DEPTH);
    }

    private static TransformedTaps.Columns columns(Convolution c, int block) {
        return c.kernels.columns(block, COLUMNS_OF_BLOCK);
    }

    /** Few tiles: all are mapped first and then multiplied by blocks of columns. */
    private void runShared(Convolution c) {
        TransformedTiles v = allTiles(c, TileKernels.MOST_DEPTH);
        TransformedTaps u = TransformedTaps.all(c.kernels, v, workers, prepared, taps);
        workers.run(c.blocks() * c.kernels.blocks(COLUMNS_OF_BLOCK), (chunk, worker) -> {
            int block = chunk % c.blocks();
            WinogradBlock output = new WinogradBlock(c, block, columns(c, chunk / c.blocks()));
            output.run(v, block * c.grid.paddedTilesOfBlock(), u,
                    workers.scratch(worker).request(output.bytes()));
        });
    }

    /**
     * Few tiles, many channels: taps are mapped where they are used, by parts of the inputs that stay in cache. Mapped,
     * they are 36 values instead of 9 or 25 and would come from memory, so that keeping them saves no time.
     */
    private void runByColumns(Convolution c) {
        TransformedTiles v = allTiles(c, INPUTS_OF_PART);
        int blockTiles = c.grid.paddedTilesOfBlock();
        workers.run(c.kernels.blocks(TransformedTaps.COLUMNS_AT_ONCE), (chunk, worker) -> {
            TransformedTaps.Columns columns = c.kernels.columns(chunk, TransformedTaps.COLUMNS_AT_ONCE);
            TransformedTaps u = TransformedTaps.ofColumns(c.kernels, v, columns);
            WinogradBlock[] outputs = IntStream.range(0, c.blocks())
                    .mapToObj(block -> new WinogradBlock(c, block, columns)).toArray(WinogradBlock[]::new);
            long productBytes = outputs[0].productBytes();
            long memory = workers.scratch(worker).request(u.bytes() + outputs.length * productBytes
                    + Math.max(u.scratchBytes(), outputs[0].mappingBytes()));
            long products = memory + u.bytes();
            long scratch = products + outputs.length * productBytes;
            for (int part = 0; part < v.parts(); part++) {
                u.mapPart(part, memory, scratch);
                for (int block = 0; block < outputs.length; block++) {
                    outputs[block].multiply(v, block * blockTiles, u, part, products + block * productBytes);
                }
            }
            for (int block = 0; block < outputs.length; block++) {
                outputs[block].finish(products + block * productBytes, scratch);
            }
        });
    }

    private TransformedTiles allTiles(Convolution c, int inputsOfPart) {
        TileGrid grid = c.grid;
        int blockLines = grid.linesOfBlock();
        int blockTiles = grid.paddedTilesOfBlock();
        TransformedTiles v = TransformedTiles.byRows(c.kernels.inputs(), c.blocks() * blockTiles, inputsOfPart);
        v.at(tiles.request(v.bytes()));
        workers.run(grid.lines(), (line, worker) -> {
            long scratch = workers.scratch(worker).request(v.scratchBytes(Map.INPUT, c.source, grid));
            int tile = line / blockLines * blockTiles + line % blockLines * grid.columns();
            v.transform(Map.INPUT, c.source, grid, line, tile, scratch);
        });
        return v;
    }

    void close() {
        taps.close();
        tiles.close();
    }
}
