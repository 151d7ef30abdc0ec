package dev.halcyon.cpu;

/**
 * Loops over pooling windows: {@code count} pixels, each of which looks at a block of {@code rows} by {@code columns}
 * pixels on the other side. Forward, a pixel is one of the output and its block the part of its window that lies within
 * the image; backward, it is one of the input and its block the outputs whose windows it lies in.
 */
public interface PoolKernels {
    /**
     * Where pixels and blocks lie; all steps in pixels.
     *
     * @param count pixels
     * @param step from a pixel to the next
     * @param blockStep from a block to the next
     * @param rows of a block
     * @param columns of a block
     * @param line from a block's row to the next
     * @param channels floats of a pixel
     */
    record Blocks(int count, long step, long blockStep, int rows, int columns, long line, int channels) {
        /** The same without the first pixels. */
        public Blocks from(int first) {
            return new Blocks(count - first, step, blockStep, rows, columns, line, channels);
        }
    }

    /**
     * y = the maximum of each block, the first among equals, NaN above everything.
     *
     * @param place of a block's first pixel in its window
     * @param width columns of the window
     * @param argument bytes beside y: the place of the maximum in its window
     */
    void max(Blocks b, long x, int place, int width, long y, long argument);

    /**
     * dx = the sum over each block of those dy whose maximum it was.
     *
     * @param place of the pixel in the window of a block's first output
     * @param rowStep by how much its place is less in the next row
     * @param columnStep by how much it is less in the next column
     * @param argument bytes beside dy
     */
    void maxGradient(Blocks b, long dy, long argument, int place, int rowStep, int columnStep, long dx);

    /**
     * Gives the gradients of a row of windows that lie side by side back to one row of their pixels: to the pixel whose
     * place is the argument, zero to the others.
     *
     * @param count windows
     * @param columns of a window
     * @param channels floats of a pixel
     * @param dy gradient of each window
     * @param argument bytes beside dy
     * @param place in its window of the row's first pixel
     * @param dx where the row starts
     */
    void spread(int count, int columns, int channels, long dy, long argument, int place, long dx);

    /** to = share times the sum of each block. */
    void sum(Blocks b, long from, float share, long to);
}
