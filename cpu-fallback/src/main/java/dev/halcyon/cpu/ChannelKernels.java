package dev.halcyon.cpu;

import dev.halcyon.device.Unary;

/** Loops over pixels: {@code rows} rows of {@code channels} floats each, with parameters per channel. */
public interface ChannelKernels {
    /** The activations that these kernels apply on the way. */
    static boolean fuses(Unary activation) {
        return activation == Unary.IDENTITY || activation == Unary.RELU || activation == Unary.RELU6;
    }

    /** Per channel, Σ (x - origin) and Σ (x - origin)², written. */
    void moments(long x, long rows, int channels, long origin, long sums, long squares);

    /**
     * y = activation(scale x + shift + residual).
     *
     * @param residual as large as x, or 0 for none
     */
    void affine(Unary activation, long x, long residual, long scale, long shift, long y, long rows, int channels);

    /**
     * Per channel Σ g and Σ g (x - mean) inverse, written, where g = dy activation'(y).
     *
     * @param g where to write g, or 0
     */
    void gradientSums(Unary activation, long x, long y, long dy, long mean, long inverse, long g, long rows,
            int channels, long sums, long products);

    /** dx = a g + b x + c per channel, with g = dy activation'(y). */
    void gradient(Unary activation, long x, long y, long dy, long a, long b, long c, long dx, long rows, int channels);

    /**
     * Maximum over a window, per channel, the first among equals.
     *
     * @param x first pixel of the part of the window that lies within the image
     * @param rows of that part
     * @param columns of that part
     * @param rowBytes from a row to the next
     * @param first number of the first pixel in the whole window
     * @param width columns of the whole window
     * @param argument bytes, where the maxima lie
     */
    void maxWindow(long x, int rows, int columns, long rowBytes, int first, int width, int channels, long y,
            long argument);
}
