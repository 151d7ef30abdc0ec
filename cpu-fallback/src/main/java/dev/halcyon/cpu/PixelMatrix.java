package dev.halcyon.cpu;

/** Pixels at regular distances as the right factor of a product: a term is a pixel, a column is a channel. */
record PixelMatrix(PixelGrid pixels) implements RightOperand {
    @Override
    public void pack(long k, int depth, int column, int columns, int width, long to) {
        for (int i = 0; i < depth; i++) {
            Vectorization.tiles().copyRuns(pixels.row(k + i) + 4L * column, 0, to + 4L * i * width, 0, 1, columns);
        }
    }
}
