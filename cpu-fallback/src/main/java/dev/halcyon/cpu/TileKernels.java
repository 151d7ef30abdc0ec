package dev.halcyon.cpu;

/**
 * The inner loop of everything that multiplies: a tile of C, held in registers, plus A times B. Rows of A are given by
 * pointers and need not be neighbours, which makes convolution a matrix product without an im2col matrix.
 *
 * <p>The sum over k runs over segments. A plan in memory lists them, as longs: per segment its length, the address of
 * its first row of B, and {@link Tile#rows} addresses of its first elements of A.
 */
public interface TileKernels {
    /**
     * The shape of a tile.
     *
     * @param rows of C, and of A
     * @param columns of C, and of B
     */
    record Tile(int rows, int columns) {
        /** Longs per segment of the plan. */
        public int planStride() {
            return rows + 2;
        }
    }

    /** The tiles there are, from the widest to the narrowest; each is as wide as several of the next. */
    Tile[] tiles();

    /**
     * C = A B, or C += A B.
     *
     * @param tile which of {@link #tiles}
     * @param plan address of the plan
     * @param segments number of segments in it
     * @param aStep bytes from one element of A to the next along k
     * @param bStep bytes from one row of B to the next
     * @param c address of as many addresses of rows of C as there are
     * @param rows how many rows of C are to be written, at most {@link Tile#rows}
     * @param columns how many columns are to be written: all, but for the narrowest tile
     * @param accumulate whether to add to C
     */
    void multiply(int tile, long plan, int segments, long aStep, long bStep, long c, int rows, int columns,
            boolean accumulate);
}
