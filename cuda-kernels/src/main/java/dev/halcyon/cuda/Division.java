package dev.halcyon.cuda;

/**
 * How a matrix [rows, channels] is cut for kernels that know or do something per channel, see channels.cuh: tiles of
 * lines beside one another, parts below one another. A line is a row, or as many as end where a sector of memory does.
 * It follows from the shape alone, and so do results.
 *
 * @param rows of the matrix
 * @param linesPerPart the last part may have fewer
 * @param packs of a row
 * @param pack how many channels are in each
 * @param units packs of a tile
 * @param together rows of a line
 * @param tiles of the matrix, the last may be narrower
 * @param parts of the matrix
 */
record Division(long rows, long linesPerPart, long packs, int pack, long units, long together, long tiles,
        long parts) {
    /** What a warp should read at once at least: a cache line. */
    private static final int SUMMED_UNITS = 8;
    /** What a warp should read at once: nothing is gained by splitting rows further. */
    private static final int PASSED_UNITS = 32;
    /** Lines that a thread should sum at least, before its sum is put together with others. */
    private static final int SUMMED_LINES = 8;
    /** Lines that a thread goes through. */
    private static final int PASSED_LINES = 8;

    /** Blocks that keep every multiprocessor of a large device busy. */
    private static final long ENOUGH_BLOCKS = 512;
    /** More parts than this take the block that puts them together longer than they save. */
    private static final long MOST_PARTS = 256;
    private static final long MOST_GRID_ROWS = 65535;
    private static final long MOST_GRID_COLUMNS = 1024;

    /** For sums over the rows of each channel. */
    static Division forSums(long rows, long channels, Pack pack) {
        Division whole = of(rows, channels, pack, pack.elements() == 1 ? PASSED_UNITS : SUMMED_UNITS);
        long useful = Math.ceilDiv(whole.lines(), whole.lanes() * SUMMED_LINES);
        long wanted = Math.clamp(ENOUGH_BLOCKS / whole.tiles, 1, MOST_PARTS);
        return whole.withLinesPerPart(Math.ceilDiv(whole.lines(), Math.min(useful, wanted)));
    }

    /** For one pass over all elements. */
    static Division forPass(long rows, long channels, Pack pack) {
        Division whole = of(rows, channels, pack, PASSED_UNITS);
        return whole.withLinesPerPart(
                Math.max(whole.lanes() * PASSED_LINES, Math.ceilDiv(whole.lines(), MOST_GRID_ROWS)));
    }

    /** Tiles of about the same width, at most {@code most} units, that do not share a sector. */
    private static Division of(long rows, long channels, Pack pack, long most) {
        long packs = channels / pack.elements();
        long sector = Views.SECTOR_BYTES / (pack.elements() * pack.bytes());
        long together = pack.elements() > 1 ? 1 : sector / Math.min(sector, Long.lowestOneBit(channels));
        long ofLine = packs * together;
        long even = Math.ceilDiv(ofLine, Math.ceilDiv(ofLine, most));
        long units = Math.min(ofLine, Math.ceilDiv(even, sector) * sector);
        return new Division(rows, Math.ceilDiv(rows, together), packs, pack.elements(), units, together,
                Math.ceilDiv(ofLine, units), 1);
    }

    private Division withLinesPerPart(long number) {
        return new Division(rows, number, packs, pack, units, together, tiles, Math.ceilDiv(lines(), number));
    }

    private long lines() {
        return Math.ceilDiv(rows, together);
    }

    /** Lines that a block takes at once. */
    private long lanes() {
        return Views.THREADS / units;
    }

    /** Bytes of the sums that blocks leave for the last one: two float32 per channel, row of a line and part. */
    long partialBytes() {
        return 2L * Float.BYTES * pack * packs * together * parts;
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
        return arguments.struct(rows, linesPerPart, packs, units, together);
    }
}
