package dev.halcyon.cuda;

/**
 * How a matrix [rows, channels] is cut for kernels that know or do something per channel, see channels.cuh: tiles of
 * channels beside one another, parts of rows below one another. It follows from the shape alone, and so do results.
 *
 * @param rows of the matrix
 * @param rowsPerPart the last part may have fewer
 * @param packs of a row
 * @param pack how many channels are in each
 * @param units packs of a tile
 * @param tiles of the matrix, the last may be narrower
 * @param parts of the matrix
 */
record Division(long rows, long rowsPerPart, long packs, int pack, long units, long tiles, long parts) {
    /** What a warp should read at once at least: a cache line. */
    private static final int SUMMED_UNITS = 8;
    /** What a warp should read at once: nothing is gained by splitting rows further. */
    private static final int PASSED_UNITS = 32;
    /** Units that fill a sector of 32 bytes, which tiles should not share: packs of 16 bytes, or single float32. */
    private static final int SECTOR_PACKS = 2;
    private static final int SECTOR_ELEMENTS = 8;

    /** Rows that a thread should sum at least, before its sum is put together with others. */
    private static final int SUMMED_ROWS = 8;
    /** Rows that a thread goes through. */
    private static final int PASSED_ROWS = 8;

    /** Blocks that keep every multiprocessor of a large device busy. */
    private static final long ENOUGH_BLOCKS = 512;
    /** More parts than this take the block that puts them together longer than they save. */
    private static final long MOST_PARTS = 256;
    private static final long MOST_GRID_ROWS = 65535;
    private static final long MOST_GRID_COLUMNS = 1024;

    /** For sums over the rows of each channel. */
    static Division forSums(long rows, long channels, Pack pack) {
        Division whole = whole(rows, channels, pack);
        long useful = Math.ceilDiv(rows, whole.lanes() * SUMMED_ROWS);
        long wanted = Math.clamp(ENOUGH_BLOCKS / whole.tiles, 1, MOST_PARTS);
        return whole.withRowsPerPart(Math.ceilDiv(rows, Math.min(useful, wanted)));
    }

    /** For sums over all rows of a small matrix: one part. */
    static Division whole(long rows, long channels, Pack pack) {
        return of(rows, channels, pack, pack.elements() == 1 ? PASSED_UNITS : SUMMED_UNITS);
    }

    /** For one pass over all elements. */
    static Division forPass(long rows, long channels, Pack pack) {
        Division whole = of(rows, channels, pack, PASSED_UNITS);
        return whole.withRowsPerPart(Math.max(whole.lanes() * PASSED_ROWS, Math.ceilDiv(rows, MOST_GRID_ROWS)));
    }

    /** Tiles of about the same width, at most {@code most} units, that do not share a sector. */
    private static Division of(long rows, long channels, Pack pack, long most) {
        long packs = channels / pack.elements();
        long sector = pack.elements() == 1 ? SECTOR_ELEMENTS : SECTOR_PACKS;
        long even = Math.ceilDiv(packs, Math.ceilDiv(packs, most));
        long units = Math.min(packs, Math.ceilDiv(even, sector) * sector);
        return new Division(rows, rows, packs, pack.elements(), units, Math.ceilDiv(packs, units), 1);
    }

    private Division withRowsPerPart(long number) {
        return new Division(rows, number, packs, pack, units, tiles, Math.ceilDiv(rows, number));
    }

    /** Rows that a block takes at once. */
    private long lanes() {
        return Views.THREADS / units;
    }

    /** Bytes of the sums that blocks leave for the last one: two float32 per channel and part. */
    long partialBytes() {
        return 2L * Float.BYTES * pack * packs * parts;
    }

    /** The grid of a kernel that sums: columns are limited, as each needs a counter. */
    Grid summing() {
        return new Grid((int) Math.min(tiles, MOST_GRID_COLUMNS), (int) parts, 1, Views.THREADS, 0);
    }

    /** The grid of a kernel that makes one pass. */
    Grid passing() {
        return new Grid(Math.toIntExact(tiles), (int) parts, 1, Views.THREADS, 0);
    }

    /** Appends what the kernel has to know. */
    Arguments appendTo(Arguments arguments) {
        return arguments.struct(rows, rowsPerPart, packs, units);
    }
}
