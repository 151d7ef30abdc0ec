package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Runs;

/**
 * Kernels after Winograd's map: for each of the 6×6 values a matrix of inputs × outputs, or some columns of it, packed in
 * panels of columns as {@link TileKernels} want them, each panel cut where the rows of {@link TransformedTiles} are.
 */
final class TransformedTaps {
    private static final int VALUES = TileGrid.VALUES;
    /** Columns that are mapped at once: two vectors or more. */
    static final int COLUMNS_AT_ONCE = 32;
    /** Inputs that are: what is halfway mapped stays in a first-level cache. Divides the parts of the tiles. */
    private static final int INPUTS_AT_ONCE = 16;

    private final Kernels kernels;
    private final TransformedTiles tiles;
    private final Columns columns;
    private final long rowFloats;
    private final long plane;
    private long base;
    private int firstInput;

    private TransformedTaps(Kernels kernels, TransformedTiles tiles, int inputs, Columns columns) {
        this.kernels = kernels;
        this.tiles = tiles;
        this.columns = columns;
        rowFloats = TileBlock.paddedColumns(columns.count);
        plane = 4 * inputs * rowFloats + 64;
    }

    /**
     * Kernels to map.
     *
     * @param filter that of their taps
     * @param weights [taps, taps, inputs, outputs], or if turned [taps, taps, outputs, inputs]
     * @param turned whether they are read with the last tap first, as the gradient of an input needs them
     */
    record Kernels(MinimalFilter filter, long weights, int inputs, int outputs, boolean turned)
            implements PreparedWeights.Key {
        @Override
        public long[] sources() {
            return new long[] {weights};
        }

        /** How many blocks of columns there are. */
        int blocks(int width) {
            return Math.max(1, outputs / width);
        }

        /** Columns of a block; what is left at the end goes to the last. */
        Columns columns(int block, int width) {
            int first = block * width;
            return new Columns(first, block == blocks(width) - 1 ? outputs - first : width);
        }
    }

    /** A block of columns of the product: a number of them from the first on. */
    record Columns(int first, int count) {
    }

    /**
     * All columns, mapped now unless they are kept. Those of gradients are not: weights change before the next.
     *
     * @param tiles how the inputs are cut into parts
     * @param memory for those that are not kept
     */
    static TransformedTaps all(Kernels kernels, TransformedTiles tiles, Workers workers, PreparedWeights prepared,
            Scratch memory) {
        TransformedTaps all = new TransformedTaps(kernels, tiles, kernels.inputs,
                new Columns(0, kernels.outputs));
        if (kernels.turned) {
            return all.map(memory.request(all.bytes()), workers);
        }
        all.base = prepared.request(kernels, all.bytes(), memory, at -> all.map(at, workers));
        return all;
    }

    /** Some columns, to be mapped part by part. */
    static TransformedTaps ofColumns(Kernels kernels, TransformedTiles tiles, Columns columns) {
        return new TransformedTaps(kernels, tiles, tiles.floats(0), columns);
    }

    /** Memory that the mapped taps take. */
    long bytes() {
        return VALUES * VALUES * plane + TileKernels.SLACK;
    }

    private TransformedTaps map(long address, Workers workers) {
        base = address;
        int groups = Math.ceilDiv(kernels.inputs, INPUTS_AT_ONCE);
        workers.run(kernels.blocks(COLUMNS_AT_ONCE) * groups, (chunk, worker) -> {
            Columns some = kernels.columns(chunk / groups, COLUMNS_AT_ONCE);
            transform(chunk % groups * INPUTS_AT_ONCE, some, workers.scratch(worker).request(scratchBytes(some)));
        });
        return this;
    }

    /**
     * Maps a part of the inputs on the calling thread alone.
     *
     * @param address where it goes, in place of the part before
     * @param scratch of {@link #scratchBytes}
     */
    void mapPart(int part, long address, long scratch) {
        base = address;
        firstInput = tiles.first(part);
        for (int input = 0; input < tiles.floats(part); input += INPUTS_AT_ONCE) {
            transform(firstInput + input, columns, scratch);
        }
    }

    /** Bytes of one tap of the inputs that are mapped at once. */
    private static long tapBytes(int columns) {
        return 4L * INPUTS_AT_ONCE * columns + TileKernels.SLACK;
    }

    /** Scratch memory that {@link #mapPart} needs. */
    long scratchBytes() {
        return scratchBytes(columns);
    }

    private long scratchBytes(Columns some) {
        int taps = kernels.filter.taps();
        return (kernels.turned ? taps + VALUES : VALUES) * taps * tapBytes(some.count);
    }

    /** Maps the taps of some inputs and columns: first down the columns of taps, then along the rows. */
    private void transform(int first, Columns some, long scratch) {
        int column = some.first;
        int width = some.count;
        int count = Math.min(INPUTS_AT_ONCE, kernels.inputs - first);
        int taps = kernels.filter.taps();
        long bytes = tapBytes(width);
        if (kernels.turned) {
            long turned = scratch + VALUES * taps * bytes;
            turn(first, count, column, width, turned);
            mapDown(turned, bytes, 4L * width, count, width, scratch);
        } else {
            mapDown(kernels.weights + 4L * ((long) first * kernels.outputs + column),
                    4L * kernels.inputs * kernels.outputs, 4L * kernels.outputs, count, width, scratch);
        }
        int part = tiles.part(first);
        for (int i = 0; i < VALUES; i++) {
            for (int at = 0, panel; at < width; at += panel) {
                panel = TileBlock.width(column + at, kernels.outputs);
                Vectorization.transforms().map(kernels.filter.ofTaps(),
                        new Runs(scratch + i * taps * bytes + 4L * at, bytes, 4L * width),
                        new Runs(panel(part, i, 0, column + at) + 4L * (first - tiles.first(part)) * panel, plane,
                                4L * panel),
                        count, Math.min(panel, width - at));
            }
        }
    }

    /** Taps that are the last first and transposed, in the order in which they are mapped. */
    private void turn(int first, int count, int column, int width, long to) {
        long row = 4L * kernels.inputs;
        int last = kernels.filter.taps() * kernels.filter.taps() - 1;
        for (int tap = 0; tap <= last; tap++) {
            Vectorization.tiles().transpose(
                    kernels.weights + ((long) tap * kernels.outputs + column) * row + 4L * first, row, width, count,
                    to + (last - tap) * tapBytes(width), 4L * width);
        }
    }

    /** Maps each column of taps: {@code tap} bytes from one tap to the next, {@code input} from an input to the next. */
    private void mapDown(long from, long tap, long input, int count, int width, long to) {
        int taps = kernels.filter.taps();
        long bytes = tapBytes(width);
        for (int j = 0; j < taps; j++) {
            Vectorization.transforms().map(kernels.filter.ofTaps(), new Runs(from + j * tap, taps * tap, input),
                    new Runs(to + j * bytes, taps * bytes, 4L * width), count, width);
        }
    }

    /** The packed panel of value (i, j) that starts at a column, for the inputs of a part. */
    long panel(int part, int i, int j, int column) {
        return base + (i * VALUES + j) * plane
                + 4 * ((tiles.first(part) - firstInput) * rowFloats
                        + (long) tiles.floats(part) * (column - columns.first));
    }
}
