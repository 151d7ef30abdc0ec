package dev.halcyon.cpu;

/** The right factor of a product, wherever its elements lie: it knows how to pack a block of itself. */
interface RightOperand {
    /**
     * Packs terms [k, k + depth) of columns [column, column + columns).
     *
     * @param width floats from a packed row to the next, at least {@code columns}; what lies between may hold anything
     */
    void pack(long k, int depth, int column, int columns, int width, long to);
}
