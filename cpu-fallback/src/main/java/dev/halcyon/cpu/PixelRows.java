package dev.halcyon.cpu;

/**
 * How pixels are lined up for vectors: as many as make up a whole number of vectors form one row, with the parameters
 * of their channels repeated as often. So no lane is idle, however few channels there are.
 *
 * @param channels floats of a pixel
 * @param repeat pixels in a row
 */
record PixelRows(int channels, int repeat) {
    /** Below this width of a row, loops over it cost more than their elements. */
    private static final int LEAST_WIDTH = 256;
    /** From this many channels on, a row is one pixel: its end that fills no vector does not matter. */
    private static final int MANY_CHANNELS = 4096;

    static PixelRows of(int channels) {
        if (channels >= MANY_CHANNELS) {
            return new PixelRows(channels, 1);
        }
        int lanes = Vectorization.lanes();
        int step = lanes / gcd(lanes, channels);
        return new PixelRows(channels, step * Math.max(1, LEAST_WIDTH / (channels * step)));
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** Floats of a row. */
    long width() {
        return (long) channels * repeat;
    }

    /** Floats in {@code pixels} pixels after the last whole row. */
    long rest(long pixels) {
        return pixels % repeat * channels;
    }

    /** Fills the table from its first {@code channels} floats on. */
    void repeat(long table) {
        for (int i = 1; i < repeat; i++) {
            Memory.copy(table, table + 4L * i * channels, 4L * channels);
        }
    }

    /** The sum of all that a table has for one channel. */
    double fold(long table, int channel) {
        double sum = 0;
        for (long i = channel; i < width(); i += channels) {
            sum += Memory.getFloat(table + 4 * i);
        }
        return sum;
    }

    /** The largest of all that a table has for one channel. */
    float largest(long table, int channel) {
        float largest = Float.NEGATIVE_INFINITY;
        for (long i = channel; i < width(); i += channels) {
            largest = Math.max(largest, Memory.getFloat(table + 4 * i));
        }
        return largest;
    }

    /**
     * A division of pixels into parts, which depends on the problem alone.
     *
     * @param pixels in all
     * @param each of every part but the last, whole rows
     */
    record Parts(long pixels, long each) {
        private static final long MOST = 64;
        private static final long LEAST_FLOATS = 16_384;
        /** So many parts are enough, unless they have many pixels: putting parts together costs per channel. */
        private static final long ENOUGH = 16;
        private static final long MANY_PIXELS = 256;

        static Parts of(PixelRows rows, long pixels) {
            long least = Math.max(Math.max(LEAST_FLOATS / rows.channels(), Math.ceilDiv(pixels, MOST)),
                    Math.min(Math.ceilDiv(pixels, ENOUGH), MANY_PIXELS));
            long group = 4L * rows.repeat();
            return new Parts(pixels, Math.max(1, (least + group - 1) / group) * group);
        }

        int count() {
            return Math.toIntExact((pixels + each - 1) / each);
        }

        /** Pixels of one part. */
        long size(int part) {
            return Math.min(each, pixels - part * each);
        }
    }
}
