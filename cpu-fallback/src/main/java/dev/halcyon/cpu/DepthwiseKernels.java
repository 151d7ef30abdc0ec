package dev.halcyon.cpu;

/**
 * Inner loops of convolutions in which every channel has taps of its own. Outputs that see as many pixels, at regular
 * distances, are computed together. Vectors may read up to {@link TileKernels#SLACK} bytes beyond a pixel.
 */
public interface DepthwiseKernels {
    /**
     * Where something of every tap lies, row by row of the taps.
     *
     * @param first address of the first tap's
     * @param row bytes from a row's to the next row's
     * @param column bytes from a tap's to the next one's in its row
     */
    record Places(long first, long row, long column) {
    }

    /**
     * What some outputs see.
     *
     * @param pixels what the first output sees, in ascending order
     * @param own the taps themselves, in the same order; the distance of columns is not 0
     * @param rows of taps, which may be none
     * @param columns of taps, which may be none
     * @param step bytes from an output's pixels to the next output's
     * @param outputs how many
     */
    record Taps(Places pixels, Places own, int rows, int columns, long step, int outputs) {
        /** Whether there are so many rows and columns. */
        public boolean are(int wantedRows, int wantedColumns) {
            return rows == wantedRows && columns == wantedColumns;
        }

        /** Whether an output sees what the one before it sees, but for a column. */
        public boolean areNeighbours() {
            return pixels.column == step;
        }
    }

    /**
     * y = start + the sums of products, tap by tap. With fewer channels than a vector has lanes, a vector of every
     * output is written.
     *
     * @param start one pixel
     * @param yStep bytes from an output to the next
     */
    void forward(Taps taps, int channels, long start, long y, long yStep);

    /**
     * Adds to the sum of every tap what outputs say, output by output. Sums are whole vectors, of which the last may have
     * anything beyond the channels.
     *
     * @param taps what the outputs see, with the taps' sums in place of the taps
     * @param dy gradients of the outputs
     * @param dyStep bytes from an output's gradient to the next
     */
    void weightGradient(Taps taps, int channels, long dy, long dyStep);
}
