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

        TransformedTiles inputTiles() {
            return new TransformedTiles(inputs, linesAtOnce() * grid.columns());
        }

        TransformedTiles outputTiles() {
            return new TransformedTiles(outputs, linesAtOnce() * grid.columns());
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
        WinogradSums one = new WinogradSums(g.grid.filter(), g.inputs, g.outputs, 1);
        long most = Math.min(MOST_SUM_BYTES / one.bytes(), g.grid.tiles() / LEAST_TILES);
        int perPart = Math.ceilDiv(g.grid.lines(), Math.clamp(most, 1, MOST_PARTS));
        int parts = Math.ceilDiv(g.grid.lines(), perPart);
        if (parts >= ENOUGH_PARTS) {
            runParts(g, new WinogradSums(g.grid.filter(), g.inputs, g.outputs, parts), perPart);
        } else {
            runTogether(g, one);
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
        workers.run(g.inputs, (input, worker) -> sums.toTaps(input, g.dw, workers.scratch(worker)));
    }

    /** Many channels, so that sums are large: all threads map some tiles, then share the 36 products among them. */
    private void runTogether(Gradient g, WinogradSums sums) {
        TransformedTiles v = g.inputTiles();
        TransformedTiles z = g.outputTiles();
        long base = memory.request(v.bytes() + z.bytes() + sums.bytes());
        v.at(base);
        z.at(base + v.bytes());
        sums.at(base + v.bytes() + z.bytes());
        long mapping = g.scratchBytes();
        for (int first = 0; first < g.grid.lines(); first += g.linesAtOnce()) {
            int from = first;
            int lines = Math.min(g.linesAtOnce(), g.grid.lines() - first);
            workers.run(2 * lines, (chunk, worker) -> {
                long scratch = workers.scratch(worker).request(mapping);
                if (chunk < lines) {
                    g.mapInputs(v, from + chunk, chunk, scratch);
                } else {
                    g.mapOutputs(z, from + chunk - lines, chunk - lines, scratch);
                }
            });
            workers.run(VALUES * VALUES, (value, worker) -> sums.add(0, value / VALUES, value % VALUES, v, z,
                    lines * g.grid.columns(), from == 0));
        }
        workers.run(g.inputs, (input, worker) -> sums.toTaps(input, g.dw, workers.scratch(worker)));
    }

    void close() {
        memory.close();
    }
}
