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
 * @param kernelHeight rows of taps
 * @param kernelWidth columns of taps
 * @param outputHeight rows of an image's outputs
 * @param outputWidth columns of an image's outputs
 * @param mostRows rows of outputs in a band; the last of an image may have fewer
 */
record PaddedBands(Conv2d d, int images, int height, int width, int channels, int kernelHeight, int kernelWidth,
        int outputHeight, int outputWidth, int mostRows) {
    private static final long BAND_BYTES = 24 << 10;
    /** Tables end with copies of their last entry, for tiles that have more rows than are left. */
    private static final int TILE = GatherKernels.MOST_ROWS;

    static PaddedBands of(Conv2d d, View x, View w, View y) {
        int height = (int) y.extent(1);
        int most = Math.clamp(BAND_BYTES / (4 * y.extent(2) * y.extent(3)), 1, height);
        return new PaddedBands(d, Math.toIntExact(x.extent(0)), (int) x.extent(1), (int) x.extent(2),
                (int) x.extent(3), (int) w.extent(0), (int) w.extent(1), height, (int) y.extent(2),
                Math.ceilDiv(height, Math.ceilDiv(height, most)));
    }

    private int perImage() {
        return Math.ceilDiv(outputHeight, mostRows);
    }

    int count() {
        return Math.multiplyExact(images, perImage());
    }

    int terms() {
        return kernelHeight * kernelWidth * channels;
    }

    /** Most outputs of a band. */
    int mostPixels() {
        return mostRows * outputWidth;
    }

    /** Outputs of a band. */
    int pixels(int band) {
        return Math.min(mostRows, outputHeight - row(band)) * outputWidth;
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

    /** Longs of both tables. */
    int tableEntries() {
        return mostPixels() + terms() + 2 * TILE;
    }

    /** Writes where each output of a band lies, and returns where it wrote where each term lies from an output. */
    long locate(long table) {
        long entry = table;
        for (int pixel = 0; pixel < mostPixels() + TILE; pixel++) {
            int inside = Math.min(pixel, mostPixels() - 1);
            Memory.setLong(entry, inside / outputWidth * d.strideHeight() * pitch()
                    + 4L * (inside % outputWidth) * d.strideWidth() * channels);
            entry += 8;
        }
        long terms = entry;
        for (int term = 0; term < terms() + TILE; term++) {
            int inside = Math.min(term, terms() - 1);
            int tap = inside / channels;
            Memory.setLong(entry, tap / kernelWidth * d.dilationHeight() * pitch()
                    + 4L * (tap % kernelWidth * d.dilationWidth() * channels + inside % channels));
            entry += 8;
        }
        return terms;
    }
}
