package dev.halcyon.cpu;

/**
 * Inner loops of convolutions in which every channel has taps of its own. Outputs that see as many pixels, at regular
 * distances, are computed together. Vectors may read up to {@link TileKernels#SLACK} bytes beyond a pixel.
 */
public interface DepthwiseKernels {
    /** Rows and columns of the taps for which there are loops of their own. */
    int SIDE = 3;

    /** Bytes that a list has for a tap. */
    int PAIR = 16;

    /**
     * What some outputs see, row by row of the taps, each from left to right.
     *
     * @param list two longs for each tap: the address of the pixel that it sees of the first output's, then the tap's own
     * @param count taps, which may be none
     * @param columns taps in a row
     * @param tapStep bytes from a tap's pixel to the next tap's in its row
     * @param step bytes from an output's pixels to the next output's
     * @param outputs how many
     */
    record Taps(long list, int count, int columns, long tapStep, long step, int outputs) {
        /** Whether there are three by three. */
        public boolean areThreeByThree() {
            return columns == SIDE && count == SIDE * SIDE;
        }

        /** Whether an output sees what the one before it sees, but for a column. */
        public boolean areNeighbours() {
            return tapStep == step;
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
     * Adds to the sum of every tap what outputs say, output by output. Sums are whole vectors, those of a row at regular distances, of
     * which the last may have anything beyond the channels.
     *
     * @param taps what the outputs see, with the taps' sums in place of the taps
     * @param dy gradients of the outputs
     * @param dyStep bytes from an output's gradient to the next
     */
    void weightGradient(Taps taps, int channels, long dy, long dyStep);
}
