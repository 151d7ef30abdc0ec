package dev.halcyon.cuda;

import java.util.Arrays;
import java.util.Optional;

/** The tiles of C that the kernels of products_*.cu compute, one to a block, largest first. */
enum ProductTile {
    LARGE(128, 128, 256), NARROW(128, 64, 128), SMALL(64, 64, 128);

    /** {@code -Dhalcyon.cudaTile=128x64} has everything computed in such tiles, so that small products can test each. */
    private static final String PROPERTY = "halcyon.cudaTile";

    /** So many threads give each of some 130 multiprocessors eight warps, with which it is busy while others wait. */
    private static final long ENOUGH_THREADS = 128 * 256;
    /** Terms of a sum below which starting a block costs more than it saves. */
    private static final long LEAST_DEPTH = 256;
    /** What slices of the depth are multiples of: no tile takes more of it at a time. */
    private static final long DEPTH_STEP = 32;

    private final int rows;
    private final int columns;
    private final int threads;

    ProductTile(int rows, int columns, int threads) {
        this.rows = rows;
        this.columns = columns;
        this.threads = threads;
    }

    /**
     * How products are cut up, by their size alone, so that their sums are the same everywhere.
     *
     * @param tile for each block
     * @param blocks in all
     * @param slices of the depth; with more than one, each leaves sums that are to be added
     * @param sliceDepth terms of a slice, but for the last
     */
    record Plan(ProductTile tile, int blocks, int slices, int sliceDepth) {
    }

    /** The tile that this process is to use for everything, if there is one. */
    static Optional<ProductTile> forced() {
        String name = System.getProperty(PROPERTY);
        if (name == null) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(values()).filter(tile -> tile.toString().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        PROPERTY + ": expected one of " + Arrays.toString(values()) + ", found " + name)));
    }

    /** For so many products of [rows, depth] and [depth, columns]: the largest tiles of which there are enough. */
    static Plan plan(long products, long rows, long columns, long depth) {
        for (ProductTile tile : values()) {
            long tiles = products * tile.count(rows, columns);
            if (tile.suits(columns) && tiles >= tile.enough()) {
                return tile.sliced(tiles, depth, 1);
            }
        }
        for (ProductTile tile : values()) {
            long tiles = products * tile.count(rows, columns);
            if (tile.suits(columns) && rows > SMALL.rows && tiles * mostSlices(depth) >= tile.enough()) {
                return tile.cut(products, rows, columns, depth);
            }
        }
        return SMALL.cut(products, rows, columns, depth);
    }

    /** With so many slices that there are just enough blocks, and none has to wait for others; if the depth allows it. */
    Plan cut(long products, long rowsOfC, long columnsOfC, long depth) {
        long tiles = products * count(rowsOfC, columnsOfC);
        return sliced(tiles, depth, Math.clamp(enough() / tiles, 1, mostSlices(depth)));
    }

    private static long mostSlices(long depth) {
        return Math.max(1, depth / LEAST_DEPTH);
    }

    private long enough() {
        return ENOUGH_THREADS / threads;
    }

    private long count(long rowsOfC, long columnsOfC) {
        return Math.ceilDiv(rowsOfC, rows) * Math.ceilDiv(columnsOfC, columns);
    }

    /** Whether it computes no more columns that nobody wants than smaller tiles would. */
    private boolean suits(long columnsOfC) {
        return Math.ceilDiv(columnsOfC, columns) * columns == Math.ceilDiv(columnsOfC, SMALL.columns) * SMALL.columns;
    }

    private Plan sliced(long tiles, long depth, long wanted) {
        long sliceDepth = Math.ceilDiv(Math.ceilDiv(depth, wanted), DEPTH_STEP) * DEPTH_STEP;
        long slices = Math.ceilDiv(depth, sliceDepth);
        return new Plan(this, Math.toIntExact(tiles * slices), (int) slices, (int) sliceDepth);
    }

    int threads() {
        return threads;
    }

    /** As in the names of kernels. */
    @Override
    public String toString() {
        return rows + "x" + columns;
    }
}
