package dev.halcyon.cpu;

/**
 * Output images cut into tiles of 4×4 pixels, for Winograd's algorithm. A line is one row of tiles of one image; the
 * last tiles of a row and of a column may stick out.
 *
 * @param images how many
 * @param height of an output image, in pixels
 * @param width of an output image, in pixels
 */
record TileGrid(int images, int height, int width) {
    /** Pixels of a tile, each way. */
    static final int SIDE = 4;

    /** Pixels that a tile of outputs sees, each way; also the values it is mapped to. */
    static final int VALUES = 6;

    private static final int TILES_OF_BLOCK = 64;

    /** Lines of an image. */
    int rows() {
        return Math.ceilDiv(height, SIDE);
    }

    /** Tiles of a line. */
    int columns() {
        return Math.ceilDiv(width, SIDE);
    }

    /** Lines of all images. */
    int lines() {
        return Math.multiplyExact(images, rows());
    }

    /** Tiles of all images. */
    long tiles() {
        return (long) lines() * columns();
    }

    /** Lines whose tiles are multiplied together: enough to use packed weights often, few enough to stay in cache. */
    int linesOfBlock() {
        return Math.min(lines(), Math.ceilDiv(TILES_OF_BLOCK, columns()));
    }

    /** Tiles of such a block, rounded up to whole panels of a product. */
    int paddedTilesOfBlock() {
        return Math.ceilDiv(linesOfBlock() * columns(), TileKernels.ROWS) * TileKernels.ROWS;
    }
}
