package dev.halcyon.cpu;

/**
 * Pixels of images at regular distances, as the rows of a product.
 *
 * @param address first pixel of the first image
 * @param gridHeight rows of pixels in an image
 * @param gridWidth pixels in a row
 * @param imageStep bytes from an image to the next
 * @param rowStep bytes from a row of pixels to the next
 * @param step bytes from a pixel to the next
 */
record PixelGrid(long address, int gridHeight, int gridWidth, long imageStep, long rowStep, long step)
        implements Product.Target {
    @Override
    public long row(long pixel) {
        long line = pixel / gridWidth;
        return address + line / gridHeight * imageStep + line % gridHeight * rowStep + pixel % gridWidth * step;
    }

    @Override
    public long line(long pixel) {
        return gridWidth - pixel % gridWidth;
    }
}
