package dev.halcyon.cpu;

/**
 * The inner loops of everything that multiplies matrices: a tile of C held in registers, plus a panel of A times a
 * panel of B, both packed so that every address in the loop is a pointer and a constant. A tile has {@link #ROWS} rows
 * and one or two vectors of columns.
 *
 * <p>Every element of C is one chain of fused multiply-adds in the order of k, whatever the tile, the vector width and
 * the blocking: the bits of a product do not depend on them. So do those of {@link #dots} on nothing but the factors.
 *
 * <p>Copies and kernels may read and copies may write up to {@link #SLACK} bytes beyond the end of what they are given.
 */
public interface TileKernels {
    /** Rows of a tile. */
    int ROWS = 8;

    /** The most terms of one pass. */
    int MOST_DEPTH = 384;

    /**
     * Bytes from a row of a panel that is packed by rows to the next: an odd number of cache lines, so that the rows do
     * not compete for the same places in the cache, with room for what a copy writes too much.
     */
    long ROW_BYTES = 4 * (MOST_DEPTH + 16);

    /** Rows of a panel that is packed by columns: four tiles', so that copies are of two cache lines at a time. */
    int PANEL_ROWS = 4 * ROWS;

    /** Bytes from such a panel to the next: their columns do not compete for places in the cache. */
    static long panelBytes(int depth) {
        return 4L * PANEL_ROWS * depth + 64;
    }

    /** Bytes beyond its end that a block of memory needs to have. */
    long SLACK = 128;

    /** Dot products that {@link #dots} computes at once. */
    int DOTS = 8;

    /** Chains that each of them is summed in: term k belongs to number k % PARTIAL_SUMS. */
    int PARTIAL_SUMS = 16;

    /** Columns of a narrow tile. */
    int lanes();

    /**
     * c[i][j] = start[i][j] + Σ a[i][k] b[k][j], with row i of A at {@code a + i * aStep}.
     *
     * @param vectors 1 or 2: the tile has that many times {@link #lanes} columns
     * @param b row k lies at k · vectors · lanes floats
     * @param depth terms of the sum, at most {@link #MOST_DEPTH}
     * @param start what the sum is added to
     * @param startStep bytes from a row of start to the next, 0 for one row for all
     * @param cStep bytes from a row of C to the next
     */
    void byRows(int vectors, long a, long aStep, long b, int depth, long start, long startStep, long c, long cStep);

    /** The same with a panel packed by columns: a[i][k] at {@code a + 4 * (k * PANEL_ROWS + i)}. */
    void byColumns(int vectors, long a, long b, int depth, long start, long startStep, long c, long cStep);

    /**
     * The same with a[i][k] at {@code a + 4 * (k * ROWS + i)} and row k of B, which need not be packed at all, at
     * {@code b} plus the k-th of the longs at {@code offsets}. A sum may have any number of terms.
     */
    void byOffsets(int vectors, long a, long b, long offsets, int depth, long start, long startStep, long c,
            long cStep);

    /**
     * Partial sums of {@link #DOTS} dot products: sums[j][i] = Σ a[k] b[j][k] over all k with k % PARTIAL_SUMS = i.
     *
     * @param bStep bytes from b[j] to b[j + 1]
     * @param depth terms of all partial sums together, a multiple of {@link #PARTIAL_SUMS}
     */
    void dots(long a, long b, long bStep, int depth, long sums);

    /** Copies runs of floats, in ascending order; each may write more than its length, see {@link #SLACK}. */
    void copyRuns(long from, long fromStep, long to, long toStep, int count, int floats);

    /** Copies runs of floats, and writes nothing beyond them. */
    void copyExactly(long from, long fromStep, long to, long toStep, int count, int floats);

    /** to[k][j] = from[j][k] for j below {@code columns} and k below {@code depth}; toStep bytes from k to k + 1. */
    void transpose(long from, long fromStep, int columns, int depth, long to, long toStep);
}
