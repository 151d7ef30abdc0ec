package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.View;

/**
 * A convolution cut into bands: rows of an image's outputs, few enough that they and what they see stay in a
 * first-level cache. A band's input is copied with its padding, if it has any, so that what an output sees lies at
 * distances that are the same for all outputs.
 *
 * @param d the convolution
 * @param images how many
 * @param height rows of an image
 * @param width columns of an image
 * @param channels of an input pixel
 * @param inputs channels of a group
 * @param kernelHeight rows of taps
 * @param kernelWidth columns of taps
 * @param outputHeight rows of an image's outputs
 * @param outputWidth columns of an image's outputs
 * @param mostRows rows of outputs in a band; the last of an image may have fewer
 */
record PaddedBands(Conv2d d, int images, int height, int width, int channels, int inputs, int kernelHeight,
        int kernelWidth, int outputHeight, int outputWidth, int mostRows) {
    private static final long BAND_BYTES = 24 << 10;
    /** Tables end with copies of their last entry, for tiles that have more rows than are left. */
    private static final int TILE = GatherKernels.MOST_ROWS;

    static PaddedBands of(Conv2d d, View x, View w, View y) {
        int height = (int) y.extent(1);
        int most = Math.clamp(BAND_BYTES / (4 * y.extent(2) * y.extent(3)), 1, height);
        return new PaddedBands(d, Math.toIntExact(x.extent(0)), (int) x.extent(1), (int) x.extent(2),
                (int) x.extent(3), (int) w.extent(2), (int) w.extent(0), (int) w.extent(1), height, (int) y.extent(2),
                Math.ceilDiv(height, Math.ceilDiv(height, most)));
    }

    private int perImage() {
        return Math.ceilDiv(outputHeight, mostRows);
    }

    int count() {
        return Math.multiplyExact(images, perImage());
    }

    int terms() {
        return kernelHeight * kernelWidth * inputs;
    }

    /** The first band of one of some parts of about equally many; of part number {@code parts}, the end. */
    int firstOf(int part, int parts) {
        return (int) ((long) part * count() / parts);
    }

    /** Most outputs of a band. */
    int mostPixels() {
        return mostRows * outputWidth;
    }

    /** Outputs of a band. */
    int pixels(int band) {
        return rows(band) * outputWidth;
    }

    /** The first output of a band, counted through all images. */
    long firstPixel(int band) {
        return ((long) (band / perImage()) * outputHeight + row(band)) * outputWidth;
    }

    private int row(int band) {
        return band % perImage() * mostRows;
    }

    private boolean isPadded() {
        return d.paddingHeight() > 0 || d.paddingWidth() > 0;
    }

    /** Bytes from a row of input to the next. */
    private long pitch() {
        return 4L * (width + 2 * d.paddingWidth()) * channels;
    }

    private int inputRows() {
        return (mostRows - 1) * d.strideHeight() + (kernelHeight - 1) * d.dilationHeight() + 1;
    }

    /** Bytes of a copy. */
    long copyBytes() {
        return isPadded() ? inputRows() * pitch() : 0;
    }

    /** Where the input of a band begins: in the images, or in a copy that is made. */
    long input(long x, int band, long copy) {
        long rowBytes = 4L * width * channels;
        long image = x + (long) (band / perImage()) * height * rowBytes;
        int first = row(band) * d.strideHeight() - d.paddingHeight();
        if (!isPadded()) {
            return image + first * rowBytes;
        }
        int outside = Math.clamp(-first, 0, inputRows());
        int end = Math.clamp(height - first, outside, inputRows());
        Memory.clear(copy, outside * pitch());
        for (int row = outside; row < end; row++) {
            long to = copy + row * pitch();
            int margin = d.paddingWidth() * channels;
            for (int i = 0; i < margin; i++) {
                Memory.setFloat(to + 4L * i, 0);
                Memory.setFloat(to + pitch() - 4L * margin + 4L * i, 0);
            }
            Memory.copy(image + (first + row) * rowBytes, to + 4L * margin, rowBytes);
        }
        Memory.clear(copy + end * pitch(), (inputRows() - end) * pitch());
        return copy;
    }

    /** Rows of outputs of a band. */
    private int rows(int band) {
        return Math.min(mostRows, outputHeight - row(band));
    }

    /** Terms that follow one another in memory: those of a row of taps, or of one tap if the next's are not beside it. */
    int runTerms() {
        return d.dilationWidth() == 1 && d.groups() == 1 ? kernelWidth * inputs : inputs;
    }

    int runs() {
        return terms() / runTerms();
    }

    /**
     * Addresses of tables of distances in bytes.
     *
     * @param pixels of each output of a band
     * @param rows of each row of outputs
     * @param terms of each term, from an output's place
     * @param runs of the first term of each run
     */
    record Tables(long pixels, long rows, long terms, long runs) {
    }

    /** Longs of all tables. */
    int tableEntries() {
        return mostPixels() + mostRows + terms() + runs() + 2 * TILE;
    }

    /** Writes the tables. */
    Tables locate(long table) {
        long rows = table + 8L * (mostPixels() + TILE);
        long terms = rows + 8L * mostRows;
        long runs = terms + 8L * (terms() + TILE);
        for (int pixel = 0; pixel < mostPixels() + TILE; pixel++) {
            Memory.setLong(table + 8L * pixel, pixelAt(Math.min(pixel, mostPixels() - 1)));
        }
        for (int row = 0; row < mostRows; row++) {
            Memory.setLong(rows + 8L * row, pixelAt(row * outputWidth));
        }
        for (int term = 0; term < terms() + TILE; term++) {
            Memory.setLong(terms + 8L * term, termAt(Math.min(term, terms() - 1)));
        }
        for (int run = 0; run < runs(); run++) {
            Memory.setLong(runs + 8L * run, termAt(run * runTerms()));
        }
        return new Tables(table, rows, terms, runs);
    }

    private long pixelAt(int pixel) {
        return pixel / outputWidth * d.strideHeight() * pitch() + pixel % outputWidth * pixelStep();
    }

    /** Bytes from what an output sees to what the next one sees. */
    private long pixelStep() {
        return 4L * d.strideWidth() * channels;
    }

    private long termAt(int term) {
        int tap = term / inputs;
        return tap / kernelWidth * d.dilationHeight() * pitch()
                + 4L * (tap % kernelWidth * d.dilationWidth() * channels + term % inputs);
    }

    /** The terms of an output. */
    GatherKernels.Terms terms(Tables tables) {
        return new GatherKernels.Terms(tables.terms, tables.runs, runs(), runTerms(), 4);
    }

    /** A band's outputs, which are the terms of a weight's gradient. */
    GatherKernels.Terms outputs(Tables tables, int band) {
        return new GatherKernels.Terms(tables.pixels, tables.rows, rows(band), outputWidth, pixelStep());
    }
}
