package dev.halcyon.cpu;

/**
 * Channels of a band of an image as planes with padding, so that what a tap sees of many neighbouring pixels is one run
 * of memory at a fixed distance.
 *
 * @param rows rows of a plane
 * @param pitch floats from a row to the next
 * @param left zeros before the first pixel of a row
 * @param width pixels of a row, followed by zeros up to the next row's
 * @param bytes of a plane; zeros after the last row
 */
record Planes(int rows, int pitch, int left, int width, long bytes) {
    private static final TileKernels TILES = Vectorization.tiles();

    private static final long LINE = 64;

    /** Planes of at least so many floats; their distance is an odd number of cache lines. */
    static Planes of(int rows, int pitch, int left, int width, int floats) {
        return new Planes(rows, pitch, left, width, LINE * (Math.ceilDiv(4L * floats, LINE) | 1));
    }

    Planes withRows(int fewer) {
        return new Planes(fewer, pitch, left, width, bytes);
    }

    /** Bytes that {@link #fill} and {@link #gather} need beside the planes. */
    long staging(int channels) {
        return transposed(channels) * stagingStep() + TileKernels.SLACK;
    }

    /** As many channels as fill a vector are transposed in registers, even if what follows those that are wanted is not. */
    private static int transposed(int channels) {
        return Math.max(channels, TILES.lanes());
    }

    private long stagingStep() {
        return 4L * rows * width + TileKernels.SLACK;
    }

    /**
     * Fills the planes of neighbouring channels from rows of an image, with zeros for those that lie outside.
     *
     * @param image address of the first channel of the image's first pixel
     * @param pixel bytes from a pixel to the next
     * @param height rows of the image
     * @param first row of the image that becomes the first of the planes; it may lie outside
     * @param staging memory see {@link #staging}
     */
    void fill(long image, long pixel, int height, int first, int channels, long staging, long planes) {
        int outside = Math.clamp(-first, 0, rows);
        int inside = Math.clamp(height - first, outside, rows) - outside;
        long from = image + (long) (first + outside) * width * pixel;
        long step = stagingStep();
        if (pixel > 4) {
            TILES.transpose(from, pixel, inside * width, transposed(channels), staging, step);
        }
        int begin = outside * pitch + left;
        for (int channel = 0; channel < channels; channel++) {
            long plane = planes + channel * bytes;
            Memory.clear(plane, 4L * begin);
            TILES.copyRuns(pixel > 4 ? staging + channel * step : from, 4L * width, plane + 4L * begin, 4L * pitch,
                    inside, width);
            clearGaps(plane + 4L * begin, inside);
            long end = 4L * (begin + inside * pitch);
            Memory.clear(plane + end, bytes - end);
        }
    }

    private void clearGaps(long pixels, int inside) {
        for (int row = 0; row < inside; row++) {
            for (int i = width; i < pitch; i++) {
                Memory.setFloat(pixels + 4L * (row * pitch + i), 0);
            }
        }
    }

    /**
     * Undoes it: the first pixels of the rows of neighbouring channels' planes become an image's.
     *
     * @param accumulate whether they are added to it
     */
    void gather(long planes, int channels, boolean accumulate, long staging, long image, long pixel) {
        long step = stagingStep();
        if (accumulate) {
            addPixels(planes, channels, staging, image, pixel);
        }
        for (int channel = 0; channel < channels; channel++) {
            TILES.copyRuns(planes + channel * bytes, 4L * pitch, staging + channel * step, 4L * width, rows, width);
        }
        TILES.transpose(staging, step, channels, rows * width, image, pixel);
    }

    /** Adds an image's pixels to the planes that are about to become it. */
    private void addPixels(long planes, int channels, long staging, long image, long pixel) {
        long step = stagingStep();
        TILES.transpose(image, pixel, rows * width, transposed(channels), staging, step);
        for (int channel = 0; channel < channels; channel++) {
            for (int row = 0; row < rows; row++) {
                Vectorization.rows().addTo(staging + channel * step + 4L * row * width,
                        planes + channel * bytes + 4L * row * pitch, width);
            }
        }
    }
}
