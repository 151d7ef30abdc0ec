package dev.halcyon.cpu;

/**
 * How a product is cut into chunks: blocks of rows, of columns and, where C is small and sums are long, of terms. A
 * function of the extents alone.
 *
 * @param rows rows of a block, a multiple of the tile's
 * @param columns columns of a block, a multiple of the tile's
 * @param terms terms of a block
 * @param rowBlocks number of blocks of rows
 * @param columnBlocks number of blocks of columns
 * @param termBlocks number of blocks of terms; if more than one, each has a C of its own, and they are added up
 */
record Blocking(int rows, int columns, long terms, int rowBlocks, int columnBlocks, int termBlocks) {
    /** Packed rows of so many terms at a time stay in the second-level cache. */
    static final int MOST_ROWS = 384;

    private static final int MOST_COLUMNS = 512;
    private static final int COLUMN_UNIT = 32;
    private static final int LEAST_ROWS = 48;
    private static final int LEAST_COLUMNS = 64;
    private static final long LEAST_TERMS = 1024;
    private static final int ENOUGH_CHUNKS = 16;
    private static final double WORTH_A_CHUNK = 1e6;
    /** What packing the right factor costs, as rows of the product. */
    private static final int PACKING = 16;
    /** What reading and writing C costs, as terms of its sums. */
    private static final int PASSING = 16;
    private static final long MOST_PARTIAL_BYTES = 8 << 20;

    static Blocking of(long m, int n, long k) {
        double operations = 2.0 * (m + PACKING) * TileBlock.paddedColumns(n) * (k + PASSING);
        int wanted = Math.clamp((long) (operations / WORTH_A_CHUNK), 1, ENOUGH_CHUNKS);
        int rows = even(m, MOST_ROWS, TileKernels.ROWS);
        int columns = even(n, MOST_COLUMNS, COLUMN_UNIT);
        int parts = termBlocks(m, n, k, blocks(m, rows) * blocks(n, columns), wanted);
        while (blocks(m, rows) * blocks(n, columns) * parts < wanted) {
            if (rows > columns && rows > LEAST_ROWS || columns <= LEAST_COLUMNS && rows > LEAST_ROWS) {
                rows = even(rows, Math.ceilDiv(rows, 2), TileKernels.ROWS);
            } else if (columns > LEAST_COLUMNS) {
                columns = even(columns, Math.ceilDiv(columns, 2), COLUMN_UNIT);
            } else {
                break;
            }
        }
        long terms = Math.ceilDiv(k, (long) parts);
        return new Blocking(rows, columns, terms, Math.toIntExact(blocks(m, rows)), (int) blocks(n, columns),
                (int) Math.ceilDiv(k, terms));
    }

    int chunks() {
        return Math.multiplyExact(Math.multiplyExact(rowBlocks, columnBlocks), termBlocks);
    }

    private static int termBlocks(long m, int n, long k, long blocks, int wanted) {
        long most = Math.min(k / LEAST_TERMS, MOST_PARTIAL_BYTES / (4 * m * n));
        return (int) Math.max(1, Math.min(most, Math.ceilDiv(2L * wanted, blocks)));
    }

    /** Blocks of at most {@code most}, all but the last of one size, a multiple of {@code unit}. */
    private static int even(long extent, int most, int unit) {
        long count = Math.ceilDiv(extent, (long) Math.max(most, unit));
        return Math.toIntExact(Math.ceilDiv(Math.ceilDiv(extent, count), (long) unit) * unit);
    }

    private static long blocks(long extent, int size) {
        return Math.ceilDiv(extent, (long) size);
    }
}
