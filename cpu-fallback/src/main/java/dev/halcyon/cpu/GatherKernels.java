package dev.halcyon.cpu;

/**
 * Tiles of products whose left factor lies in an image, at a row's distance plus a term's: pixels and taps of a
 * convolution, or the other way round. Nothing needs to be packed.
 */
public interface GatherKernels {
    /** The most vectors of a tile. */
    int MOST_VECTORS = 4;
    /** The most rows of a tile. */
    int MOST_ROWS = 8;

    /**
     * Where the terms of a sum lie, as distances in bytes, none of them negative: each by itself, and as runs of
     * equally many at equal distances.
     *
     * @param all address of a long for each term
     * @param runs address of a long for the first term of each run
     * @param count of runs
     * @param length terms of a run
     * @param step bytes from a run's term to the next
     */
    record Terms(long all, long runs, int count, int length, long step) {
        /** Terms of all runs. */
        public int depth() {
            return count * length;
        }
    }

    /** Rows of a tile of 1, 2 or 4 vectors. */
    static int rows(int vectors) {
        return vectors == MOST_VECTORS ? 4 : MOST_ROWS;
    }

    /**
     * c[i][j] = start[i][j] + Σ a[i][k] b[k][j], a chain of fused multiply-adds in the order of k.
     *
     * @param vectors of columns: 1, 2 or 4
     * @param rows a[i][k] lies at {@code a} plus the i-th of these longs
     * @param terms plus the k-th of these distances
     * @param bStep bytes from a row of b to the next
     * @param startStep bytes from a row of start to the next, 0 for one row for all
     * @param cStep bytes from a row of c to the next; rows are written in ascending order
     */
    void multiply(int vectors, long a, long rows, Terms terms, long b, long bStep, long start, long startStep, long c,
            long cStep);
}
