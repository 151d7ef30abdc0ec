package dev.halcyon.cuda;

import dev.halcyon.device.Conv2d;
import dev.halcyon.tensor.Shape;

/**
 * Along one axis of a convolution: output o sees image position o stride - padding + t dilation through its tap t.
 *
 * @param image positions in the image
 * @param output positions in the output
 * @param kernel taps
 */
record ConvolutionWindows(int image, int output, int kernel, int stride, int padding, int dilation) {
    static ConvolutionWindows vertical(Conv2d d, Shape x, Shape w, Shape y) {
        return new ConvolutionWindows((int) x.extent(1), (int) y.extent(1), (int) w.extent(0), d.strideHeight(),
                d.paddingHeight(), d.dilationHeight());
    }

    static ConvolutionWindows horizontal(Conv2d d, Shape x, Shape w, Shape y) {
        return new ConvolutionWindows((int) x.extent(2), (int) y.extent(2), (int) w.extent(1), d.strideWidth(),
                d.paddingWidth(), d.dilationWidth());
    }

    /** One tap that sees as many positions as there are. */
    static ConvolutionWindows single(long positions) {
        return new ConvolutionWindows(Math.toIntExact(positions), Math.toIntExact(positions), 1, 1, 0, 1);
    }

    /** Image positions at a distance of the stride: the most that see the same taps. */
    int positionsOfPhase() {
        return Math.ceilDiv(image, stride);
    }

    /** The most taps that one image position sees. */
    int tapsOfPhase() {
        int every = 1;
        while (every * dilation % stride != 0) {
            every++;
        }
        return Math.ceilDiv(kernel, every);
    }

    /** {@code struct Windows} of product.cuh. */
    void addTo(Struct struct) {
        struct.int32(image, output, kernel, stride, padding, dilation);
    }
}
