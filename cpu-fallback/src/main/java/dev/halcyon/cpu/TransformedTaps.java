package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Runs;

/**
 * Kernels after Winograd's map: for each of the 6×6 values a matrix of inputs × outputs, packed in panels of columns as
 * {@link TileKernels} want them, each panel cut where the rows of {@link TransformedTiles} are.
 */
final class TransformedTaps {
    private static final int VALUES = TileGrid.VALUES;
    /** Divides the parts of {@link TransformedTiles}. */
    private static final int INPUTS_OF_CHUNK = 8;

    private final MinimalFilter filter;
    private final int inputs;
    private final int outputs;
    private final long plane;
    private final long base;

    private TransformedTaps(MinimalFilter filter, int inputs, int outputs, long plane, long base) {
        this.filter = filter;
        this.inputs = inputs;
        this.outputs = outputs;
        this.plane = plane;
        this.base = base;
    }

    /** Kernels to map. */
    private record Mapped(MinimalFilter filter, long weights, int inputs, int outputs) implements PreparedWeights.Key {
        @Override
        public long[] sources() {
            return new long[] {weights};
        }
    }

    /**
     * Maps kernels.
     *
     * @param filter that of their taps
     * @param weights [taps, taps, inputs, outputs]
     * @param tiles how the inputs are cut into parts
     * @param memory for those that are not kept
     */
    static TransformedTaps of(MinimalFilter filter, long weights, int inputs, int outputs, TransformedTiles tiles,
            Workers workers, PreparedWeights prepared, Scratch memory) {
        long plane = 4 * inputs * TileBlock.paddedColumns(outputs) + 64;
        long base = prepared.request(new Mapped(filter, weights, inputs, outputs),
                VALUES * VALUES * plane + TileKernels.SLACK, memory,
                at -> new TransformedTaps(filter, inputs, outputs, plane, at).map(weights, tiles, workers));
        return new TransformedTaps(filter, inputs, outputs, plane, base);
    }

    private void map(long weights, TransformedTiles tiles, Workers workers) {
        workers.run(Math.ceilDiv(inputs, INPUTS_OF_CHUNK), (chunk, worker) -> {
            int first = chunk * INPUTS_OF_CHUNK;
            int count = Math.min(INPUTS_OF_CHUNK, inputs - first);
            long bytes = 4L * count * outputs + TileKernels.SLACK;
            transform(weights, tiles, first, count, bytes,
                    workers.scratch(worker).request(filter.taps() * VALUES * bytes));
        });
    }

    private void transform(long weights, TransformedTiles tiles, int first, int count, long bytes, long scratch) {
        TransformKernels kernels = Vectorization.transforms();
        int taps = filter.taps();
        long tap = 4L * inputs * outputs;
        for (int j = 0; j < taps; j++) {
            kernels.map(filter.ofTaps(), new Runs(weights + j * tap + 4L * first * outputs, taps * tap, 0),
                    new Runs(scratch + j * bytes, taps * bytes, 0), 1, count * outputs);
        }
        int part = 0;
        while (tiles.first(part) + tiles.floats(part) <= first) {
            part++;
        }
        for (int i = 0; i < VALUES; i++) {
            for (int column = 0, width; column < outputs; column += width) {
                width = TileBlock.width(column, outputs);
                kernels.map(filter.ofTaps(), new Runs(scratch + i * taps * bytes + 4L * column, bytes, 4L * outputs),
                        new Runs(panel(tiles, part, i, 0, column) + 4L * (first - tiles.first(part)) * width, plane,
                                4L * width),
                        count, Math.min(width, outputs - column));
            }
        }
    }

    /** Number of columns of the product. */
    int outputs() {
        return outputs;
    }

    /** The packed panel of value (i, j) that starts at a column, for the inputs of a part. */
    long panel(TransformedTiles tiles, int part, int i, int j, int column) {
        return base + (i * VALUES + j) * plane
                + 4 * (tiles.first(part) * TileBlock.paddedColumns(outputs) + (long) tiles.floats(part) * column);
    }
}
