package dev.halcyon.cuda;

/**
 * How a matrix [rows, channels] is cut for kernels that know or do something per channel, see channels.cuh: tiles of
 * channels beside one another, parts of rows below one another. It follows from the shape alone, and so do results.
 *
 * @param rows of the matrix
 * @param rowsPerPart the last part may have fewer
 * @param channels of the matrix
 * @param units packs of channels of a tile
 * @param tiles of the matrix, the last may be narrower
 * @param parts of the matrix
 */
record Division(long rows, long rowsPerPart, long channels, long units, long tiles, long parts) {
    /** What a warp should read at once at least: a cache line. */
    private static final int SUMMED_UNITS = 8;
    /** What a warp should read at once: nothing is gained by splitting rows further. */
    private static final int PASSED_UNITS = 32;
    /** Units that fill a sector of 32 bytes, which tiles should not share. */
    private static final int SECTOR_PACKS = 2;
    private static final int SECTOR_ELEMENTS = 8;

    /** Rows that a thread sums at once, and should sum at least. */
    private static final int SUMMED_ROWS = 4;
    /** Rows that a thread goes through, so that a channel's numbers are not fetched for few; fewer for more blocks. */
    private static final int PASSED_ROWS = 16;
    private static final int LEAST_PASSED_ROWS = 8;

    /** Blocks that keep every multiprocessor of a large device busy. */
    private static final long ENOUGH_BLOCKS = 512;
    /** More parts than this take the block that puts them together longer than they save. */
    private static final long MOST_PARTS = 256;
    private static final long MOST_GRID_ROWS = 65535;
    private static final long MOST_GRID_COLUMNS = 1024;

    /** For sums over the rows of each channel. */
    static Division forSums(long rows, long channels, Pack pack) {
        long units = units(channels, pack, pack.elements() == 1 ? PASSED_UNITS : SUMMED_UNITS);
        long tiles = Math.ceilDiv(channels, units * pack.elements());
        long lanes = Views.THREADS / units;
        long useful = Math.ceilDiv(rows, lanes * SUMMED_ROWS);
        long wanted = Math.clamp(ENOUGH_BLOCKS / tiles, 1, MOST_PARTS);
        return of(rows, Math.ceilDiv(rows, Math.min(useful, wanted)), channels, units, tiles);
    }

    /** For one pass over all elements. */
    static Division forPass(long rows, long channels, Pack pack) {
        long units = units(channels, pack, PASSED_UNITS);
        long tiles = Math.ceilDiv(channels, units * pack.elements());
        long lanes = Views.THREADS / units;
        long perThread = Math.clamp(rows * tiles / ENOUGH_BLOCKS / lanes, LEAST_PASSED_ROWS, PASSED_ROWS);
        return of(rows, Math.max(lanes * perThread, Math.ceilDiv(rows, MOST_GRID_ROWS)), channels, units, tiles);
    }

    /** All rows in one part. */
    static Division whole(long rows, long channels, Pack pack) {
        long units = units(channels, pack, pack.elements() == 1 ? PASSED_UNITS : SUMMED_UNITS);
        return of(rows, rows, channels, units, Math.ceilDiv(channels, units * pack.elements()));
    }

    private static Division of(long rows, long rowsPerPart, long channels, long units, long tiles) {
        return new Division(rows, rowsPerPart, channels, units, tiles, Math.ceilDiv(rows, rowsPerPart));
    }

    /** Tiles of about the same width, at most {@code most} units, that do not share a sector. */
    private static long units(long channels, Pack pack, long most) {
        long all = channels / pack.elements();
        long sector = pack.elements() == 1 ? SECTOR_ELEMENTS : SECTOR_PACKS;
        long even = Math.ceilDiv(all, Math.ceilDiv(all, most));
        return Math.min(all, Math.ceilDiv(even, sector) * sector);
    }

    /** Bytes of the sums that blocks leave for the last one: two float32 per channel and part. */
    long partialBytes() {
        return 2L * Float.BYTES * channels * parts;
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
        return arguments.struct(rows, rowsPerPart, channels, units);
    }
}
