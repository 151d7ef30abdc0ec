package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Map;

/**
 * The weights' gradient of a convolution without stride, by the transposed algorithm of {@link Winograd}:
 * tiles of inputs and of output gradients are mapped to 6×6 values, for each value one product sums over the tiles, and
 * the sums are mapped to taps. Every sum is one chain in the order of the tiles, or a fixed number of them.
 */
final class WinogradWeightGradient {
    private static final int VALUES = TileGrid.VALUES;
    /** Tiles that are mapped and then multiplied, so that they stay in cache. */
    private static final int TILES_AT_ONCE = 96;
    /** Fewer are not worth sums of their own. */
    private static final int LEAST_TILES = 32;
    private static final int ENOUGH_PARTS = 8;
    private static final int MOST_PARTS = 16;
    private static final long MOST_SUM_BYTES = 16 << 20;
    /** Channels whose sums are in cache together. */
    private static final int BLOCK_INPUTS = 64;
    private static final int BLOCK_OUTPUTS = 128;

    private final Workers workers;
    private final Scratch memory = new Scratch();

    WinogradWeightGradient(Workers workers) {
        this.workers = workers;
    }

    /**
     * What is to be computed: dw [taps, taps, inputs, outputs] is added to.
     *
     * @param x the input images
     * @param inputs their channels
     * @param dy the gradient of the output
     * @param outputs its channels
     * @param grid the output's tiles
     * @param dw the gradient of the weights
     */
    record Gradient(TransformedTiles.Source x, int inputs, TransformedTiles.Source dy, int outputs, TileGrid grid,
            long dw) {
        int linesAtOnce() {
            return Math.min(grid.lines(), Math.ceilDiv(TILES_AT_ONCE, grid.columns()));
        }

        WinogradSums.Block all() {
            return new WinogradSums.Block(0, inputs, 0, outputs);
        }

        WinogradSums.Weights weights() {
            return new WinogradSums.Weights(dw, 4L * outputs, 4L * inputs * outputs);
        }

        /** Whether all of them, mapped, take no more memory than the sums. */
        boolean tilesAreFew() {
            return grid.tiles() * (inputs + outputs) <= (long) inputs * outputs;
        }

        TransformedTiles inputTiles() {
            return TransformedTiles.byTiles(inputs, linesAtOnce() * grid.columns());
        }

        TransformedTiles outputTiles() {
            return TransformedTiles.byTiles(outputs, linesAtOnce() * grid.columns());
        }

        long scratchBytes() {
            return Math.max(inputTiles().scratchBytes(Map.INPUT, x, grid),
                    outputTiles().scratchBytes(grid.filter().ofOutputGradients(), dy, grid));
        }

        void mapInputs(TransformedTiles tiles, int line, int place, long scratch) {
            tiles.transform(Map.INPUT, x, grid, line, place * grid.columns(), scratch);
        }

        void mapOutputs(TransformedTiles tiles, int line, int place, long scratch) {
            tiles.transform(grid.filter().ofOutputGradients(), dy, grid, line, place * grid.columns(), scratch);
        }
    }

    void run(Gradient g) {
        WinogradSums all = new WinogradSums(g.grid.filter(), g.all(), 1);
        long most = Math.min(MOST_SUM_BYTES / all.bytes(), g.grid.tiles() / LEAST_TILES);
        int perPart = Math.ceilDiv(g.grid.lines(), Math.clamp(most, 1, MOST_PARTS));
        int parts = Math.ceilDiv(g.grid.lines(), perPart);
        if (parts >= ENOUGH_PARTS) {
            runParts(g, new WinogradSums(g.grid.filter(), g.all(), parts), perPart);
        } else if (all.bytes() > MOST_SUM_BYTES && g.tilesAreFew()) {
            runBlocks(g);
        } else {
            runTogether(g, all);
        }
    }

    /** Much of a few channels: each part of the lines has sums of its own, and no thread waits for another. */
    private void runParts(Gradient g, WinogradSums sums, int perPart) {
        sums.at(memory.request(sums.bytes()));
        long mapping = g.scratchBytes();
        workers.run(sums.parts(), (part, worker) -> {
            TransformedTiles v = g.inputTiles();
            TransformedTiles z = g.outputTiles();
            long base = workers.scratch(worker).request(v.bytes() + z.bytes() + mapping);
            long scratch = base + v.bytes() + z.bytes();
            v.at(base);
            z.at(base + v.bytes());
            int end = Math.min(g.grid.lines(), (part + 1) * perPart);
            for (int first = part * perPart; first < end; first += g.linesAtOnce()) {
                int lines = Math.min(g.linesAtOnce(), end - first);
                for (int line = 0; line < lines; line++) {
                    g.mapInputs(v, first + line, line, scratch);
                    g.mapOutputs(z, first + line, line, scratch);
                }
                for (int value = 0; value < VALUES * VALUES; value++) {
                    sums.add(part, value / VALUES, value % VALUES, v, z, lines * g.grid.columns(),
                            first == part * perPart);
                }
            }
        });
        workers.run(VALUES * VALUES, (value, _) -> sums.addParts(value / VALUES, value % VALUES));
        toTaps(g, sums);
    }

    /** So many channels that all sums would come from memory: a block of them is summed over all tiles, then mapped. */
    private void runBlocks(Gradient g) {
        int tiles = Math.toIntExact(g.grid.tiles());
        TransformedTiles v = TransformedTiles.byTiles(g.inputs, tiles);
        TransformedTiles z = TransformedTiles.byTiles(g.outputs, tiles);
        long base = memory.request(v.bytes() + z.bytes());
        map(g, v.at(base), z.at(base + v.bytes()), 0, g.grid.lines());
        int inputBlocks = Math.ceilDiv(g.inputs, BLOCK_INPUTS);
        workers.run(inputBlocks * Math.ceilDiv(g.outputs, BLOCK_OUTPUTS), (chunk, worker) -> {
            int input = chunk % inputBlocks * BLOCK_INPUTS;
            int output = chunk / inputBlocks * BLOCK_OUTPUTS;
            WinogradSums sums = new WinogradSums(g.grid.filter(), new WinogradSums.Block(input,
                    Math.min(BLOCK_INPUTS, g.inputs - input), output, Math.min(BLOCK_OUTPUTS, g.outputs - output)), 1);
            long at = workers.scratch(worker).request(sums.bytes() + sums.scratchBytes(g.weights()));
            sums.at(at);
            for (int value = 0; value < VALUES * VALUES; value++) {
                sums.add(0, value / VALUES, value % VALUES, v, z, tiles, true);
            }
            for (int row = 0; row < sums.rowBlocks(); row++) {
                sums.toTaps(row, g.weights(), at + sums.bytes());
            }
        });
    }

    /** Many channels, so that sums are large: all threads map some tiles, then share the 36 products among them. */
    private void runTogether(Gradient g, WinogradSums sums) {
        TransformedTiles v = g.inputTiles();
        TransformedTiles z = g.outputTiles();
        long base = memory.request(v.bytes() + z.bytes() + sums.bytes());
        v.at(base);
        z.at(base + v.bytes());
        sums.at(base + v.bytes() + z.bytes());
        for (int first = 0; first < g.grid.lines(); first += g.linesAtOnce()) {
            int from = first;
            int lines = Math.min(g.linesAtOnce(), g.grid.lines() - first);
            map(g, v, z, first, lines);
            workers.run(VALUES * VALUES, (value, worker) -> sums.add(0, value / VALUES, value % VALUES, v, z,
                    lines * g.grid.columns(), from == 0));
        }
        toTaps(g, sums);
    }

    /** Maps some lines of tiles. */
    private void map(Gradient g, TransformedTiles v, TransformedTiles z, int first, int lines) {
        long mapping = g.scratchBytes();
        workers.run(2 * lines, (chunk, worker) -> {
            long scratch = workers.scratch(worker).request(mapping);
            if (chunk < lines) {
                g.mapInputs(v, first + chunk, chunk, scratch);
            } else {
                g.mapOutputs(z, first + chunk - lines, chunk - lines, scratch);
            }
        });
    }

    private void toTaps(Gradient g, WinogradSums sums) {
        workers.run(sums.rowBlocks(), (row, worker) -> sums.toTaps(row, g.weights(),
                workers.scratch(worker).request(sums.scratchBytes(g.weights()))));
    }

    void close() {
        memory.close();
    }
}
