package dev.halcyon.cpu;

/**
 * The one form that both the forward convolution and the gradient of its input take: every pixel of a grid is the sum
 * over taps of a source pixel's channels times a matrix. For the tap in row r and column c of the tap grid, grid pixel
 * (i, j) reads source pixel (i strideHeight + rowOffsets[r], j strideWidth + columnOffsets[c]); outside the source
 * there are zeros.
 *
 * @param images number of images
 * @param source first channel of the first source pixel
 * @param sourceHeight rows of a source image
 * @param sourceWidth columns of a source image
 * @param sourcePixel floats from a source pixel to the next
 * @param channels how many of them are read
 * @param strideHeight step in source rows
 * @param strideWidth step in source columns
 * @param rowOffsets per tap row
 * @param columnOffsets per tap column, ascending
 * @param gridHeight rows of the grid
 * @param gridWidth columns of the grid
 * @param target first output channel of grid pixel (0, 0) of the first image
 * @param targetImage floats from an output image to the next
 * @param targetRow floats from a grid row to the next
 * @param targetPixel floats from a grid pixel to the next
 * @param outputs output channels
 */
record Correlation(int images, long source, int sourceHeight, int sourceWidth, int sourcePixel, int channels,
        int strideHeight, int strideWidth, int[] rowOffsets, int[] columnOffsets, int gridHeight, int gridWidth,
        long target, long targetImage, long targetRow, long targetPixel, int outputs) {

    int taps() {
        return rowOffsets.length * columnOffsets.length;
    }

    /** Terms of each sum. */
    int terms() {
        return taps() * channels;
    }

    long pixels() {
        return (long) images * gridHeight * gridWidth;
    }

    /** Whether the taps of one row read one run of memory, so that they can be one segment. */
    boolean tapsAreContiguous() {
        for (int i = 1; i < columnOffsets.length; i++) {
            if (columnOffsets[i] != columnOffsets[i - 1] + 1) {
                return false;
            }
        }
        return channels == sourcePixel;
    }

    /** Where grid pixel number {@code pixel}, counted through all images, is written. */
    long targetAddress(long pixel) {
        long column = pixel % gridWidth;
        long row = pixel / gridWidth % gridHeight;
        long image = pixel / gridWidth / gridHeight;
        return target + 4 * (image * targetImage + row * targetRow + column * targetPixel);
    }
}
