package dev.halcyon.cpu;

/** The left factor of a product, wherever its elements lie: it knows how to pack a block of itself. */
interface LeftOperand {
    /** Bytes beyond the panels that packing may use. */
    long SPARE = 16 * TileKernels.ROW_BYTES + TileKernels.SLACK;

    /**
     * Whether panels are packed by columns, [k][32], rather than by rows: whichever order the elements lie in, so that
     * packing copies runs and transposes nothing.
     */
    boolean byColumns();

    /**
     * Packs rows [row, row + rows), terms [k, k + depth). By rows, row i goes to {@code i * ROW_BYTES}; by columns,
     * panel p of 32 rows goes to {@code p * TileKernels.panelBytes(depth)}. Missing rows of the last panel may hold
     * anything, and so may {@link #SPARE} bytes beyond it.
     */
    void pack(long row, int rows, long k, int depth, long to);
}
