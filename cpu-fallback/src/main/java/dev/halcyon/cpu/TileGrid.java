package dev.halcyon.cpu;

/**
 * Output images cut into square tiles of pixels, for Winograd's algorithm. With a dilation, the pixels of a tile are as far
 * apart as the taps: those that lie so far apart see no pixel that others see, and are a convolution of their own without
 * dilation, a phase. A line is one row of tiles of one image, those of one phase of columns after the other; the last
 * tiles of a row and of a column may stick out.
 *
 * @param images how many
 * @param height of an output image, in pixels
 * @param width of an output image, in pixels
 * @param dilationHeight rows from a tap to the next, and from a tile's row of pixels to the next
 * @param dilationWidth the same of columns
 * @param filter says how large tiles are
 */
record TileGrid(int images, int height, int width, int dilationHeight, int dilationWidth, MinimalFilter filter) {
    /** Pixels that a tile of outputs sees, each way; also the values it is mapped to. */
    static final int VALUES = 6;

    /** So many blocks of tiles keep all threads busy: each maps its own tiles. */
    static final int ENOUGH_BLOCKS = 16;

    private static final int TILES_OF_BLOCK = 64;
    /** Fewer use weights too seldom. */
    private static final int LEAST_TILES_OF_BLOCK = 32;

    /** Pixels of a tile, each way. */
    int side() {
        return filter.side();
    }

    /** Lines of a phase of rows. */
    private int rowsOfPhase() {
        return Math.ceilDiv(Math.ceilDiv(height, dilationHeight), side());
    }

    /** Lines of an image. */
    int rows() {
        return dilationHeight * rowsOfPhase();
    }

    /** Tiles of a line that belong to one phase of columns. */
    int columnsOfPhase() {
        return Math.ceilDiv(Math.ceilDiv(width, dilationWidth), side());
    }

    /** Tiles of a line. */
    int columns() {
        return dilationWidth * columnsOfPhase();
    }

    /** The image of a line. */
    int image(int line) {
        return line / rows();
    }

    /** The first row of outputs that a line of tiles has; the others follow at the dilation's distance. */
    int top(int line) {
        int row = line % rows();
        return row / rowsOfPhase() + row % rowsOfPhase() * side() * dilationHeight;
    }

    /** How many rows of outputs it has. */
    int rowsInside(int line) {
        return Math.clamp(Math.ceilDiv(height - top(line), dilationHeight), 0, side());
    }

    /** Columns of outputs of a phase. */
    int widthOfPhase(int phase) {
        return Math.ceilDiv(width - phase, dilationWidth);
    }

    /** Lines of all images. */
    int lines() {
        return Math.multiplyExact(images, rows());
    }

    /** Tiles of all images. */
    long tiles() {
        return (long) lines() * columns();
    }

    /**
     * Lines whose tiles are multiplied together: enough to use packed weights often, few enough to stay in cache, and
     * fewer where that makes enough blocks.
     */
    int linesOfBlock() {
        int most = Math.ceilDiv(TILES_OF_BLOCK, columns());
        int wanted = lines() / ENOUGH_BLOCKS;
        return Math.min(lines(), wanted * columns() >= LEAST_TILES_OF_BLOCK ? Math.min(wanted, most) : most);
    }

    /** Tiles of such a block, rounded up to whole panels of a product. */
    int paddedTilesOfBlock() {
        return Math.ceilDiv(linesOfBlock() * columns(), TileKernels.ROWS) * TileKernels.ROWS;
    }
}
