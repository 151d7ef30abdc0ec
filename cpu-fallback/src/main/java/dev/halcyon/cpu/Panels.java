package dev.halcyon.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * The columns of B, cut into strips as wide as the tiles there are: wide ones as far as they go, then narrower ones. A
 * packed strip lies in memory as [k][width], padded with zeros, so that a tile reads it from front to back.
 */
final class Panels {
    /**
     * One strip.
     *
     * @param tile which tile multiplies it
     * @param start its first column
     * @param columns how many of its columns there are; fewer than its width in the last strip
     * @param width its width when packed
     */
    record Strip(int tile, int start, int columns, int width) {
    }

    private static final TileKernels.Tile[] TILES = Vectorization.tiles().tiles();

    private Panels() {
    }

    /** The strips of columns [from, to). */
    static List<Strip> strips(int from, int to) {
        List<Strip> strips = new ArrayList<>();
        int start = from;
        for (int tile = 0; tile < TILES.length; tile++) {
            int width = TILES[tile].columns();
            boolean narrowest = tile == TILES.length - 1;
            while (to - start >= width || narrowest && start < to) {
                strips.add(new Strip(tile, start, Math.min(width, to - start), width));
                start += width;
            }
        }
        return strips;
    }

    static TileKernels.Tile tile(Strip strip) {
        return TILES[strip.tile];
    }

    /** Columns of all strips together, padding included. */
    static int paddedColumns(int columns) {
        int narrowest = TILES[TILES.length - 1].columns();
        return (columns + narrowest - 1) / narrowest * narrowest;
    }

    /**
     * Packs some rows of a strip: packed[k][j] = alpha b[k][start + j].
     *
     * @param b element (0, 0) of the matrix
     * @param rowStep bytes from a row to the next
     * @param columnStep bytes from a column to the next
     * @param packed where row 0 goes
     */
    static void pack(Strip strip, long b, long rowStep, long columnStep, int rows, float alpha, long packed) {
        long first = b + strip.start * columnStep;
        if (columnStep == Float.BYTES && alpha == 1 && strip.columns == strip.width) {
            for (int k = 0; k < rows; k++) {
                Memory.copy(first + k * rowStep, packed + 4L * k * strip.width, 4L * strip.width);
            }
            return;
        }
        for (int k = 0; k < rows; k++) {
            long from = first + k * rowStep;
            long to = packed + 4L * k * strip.width;
            for (int j = 0; j < strip.columns; j++) {
                Memory.setFloat(to + 4L * j, alpha * Memory.getFloat(from + j * columnStep));
            }
            for (int j = strip.columns; j < strip.width; j++) {
                Memory.setFloat(to + 4L * j, 0);
            }
        }
    }
}
