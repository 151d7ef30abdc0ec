package dev.halcyon.cpu;

/**
 * Loops over pooling windows. A line of pixels looks at blocks of {@code rows} rows of pixels on the other side.
 * Forward, the pixels are of the output and a block is the part of a window that lies within the image; backward, they
 * are of the input and a block is the outputs whose windows a pixel lies in.
 *
 * <p>Pixels are written from left to right. What a vector writes beyond its pixel must be written again later, by the
 * same thread: {@code room} says how many elements from the line's start on that holds for.
 */
public interface PoolKernels {
    /**
     * What the pixels of each line look at.
     *
     * @param first column where a pixel's block starts, for each pixel
     * @param count columns of its block, 0 if nothing looks back
     * @param place forward, of the block's first column in its window; backward, of the pixel in the first window
     * @param width pixels from a block's row to the next
     * @param channels elements of a pixel
     * @param elements on the other side, all of them
     */
    record Line(int[] first, int[] count, int[] place, int width, int channels, long elements) {
        /** Pixels of a line. */
        public int pixels() {
            return first.length;
        }

        /** A line of one of the pixels. */
        public Line only(int pixel) {
            return new Line(new int[] {first[pixel]}, new int[] {count[pixel]}, new int[] {place[pixel]}, width,
                    channels, elements);
        }
    }

    /**
     * y = the maximum of each block, the first among equals, NaN above everything.
     *
     * @param x the image, or images
     * @param block number of the element where the blocks' first row starts
     * @param rows of a block, at least 1
     * @param place in its window of a block's first row
     * @param width columns of the window
     * @param argument bytes beside y: the place of the maximum in its window
     */
    void max(Line line, long x, long block, int rows, int place, int width, long y, long argument, long room);

    /**
     * dx = the sum over each block of those dy whose maximum it was.
     *
     * @param argument bytes beside dy
     * @param block number of the element where the blocks' first row starts
     * @param rows of a block
     * @param place of the line in the windows of a block's first row
     * @param rowStep by how much its place is less in the next row
     * @param columnStep by how much a pixel's place is less in the next column
     */
    void maxGradient(Line line, long dy, long argument, long block, int rows, int place, int rowStep, int columnStep,
            long dx, long room);

    /**
     * Gives the gradients of windows that lie side by side back to a line of their pixels: to the pixel whose place is
     * the argument, zero to the others.
     *
     * @param count windows
     * @param columns of a window
     * @param channels elements of a pixel
     * @param dy gradient of each window
     * @param argument bytes beside dy
     * @param readable elements from dy on, and from the argument on
     * @param place in its window of the line's first pixel
     */
    void spread(int count, int columns, int channels, long dy, long argument, long readable, int place, long dx,
            long room);

    /** to = share times the sum of each block, row by row. */
    void sum(Line line, long from, long block, int rows, float share, long to, long room);
}
