package dev.halcyon.cpu;

import dev.halcyon.device.Unary;

/**
 * Loops over {@code rows} rows of {@code width} floats, one behind the other, with parameters of their own for each
 * column: tables of {@code width} floats.
 */
public interface ChannelKernels {
    /** The activations that these kernels apply on the way. */
    static boolean fuses(Unary activation) {
        return activation == Unary.IDENTITY || activation == Unary.RELU || activation == Unary.RELU6;
    }

    /** The least value that an activation gives. */
    static float floor(Unary activation) {
        return activation == Unary.IDENTITY ? Float.NEGATIVE_INFINITY : 0;
    }

    /** The largest value that an activation gives. */
    static float ceiling(Unary activation) {
        return activation == Unary.RELU6 ? 6 : Float.POSITIVE_INFINITY;
    }

    /** The positive value from which on an activation's derivative is 0; NaN if there is none. */
    static float closed(Unary activation) {
        return activation == Unary.RELU6 ? 6 : Float.NaN;
    }

    /** sums += x. */
    void sums(long x, long rows, long width, long sums);

    /** maxima = max(maxima, x), NaN above everything. */
    void maxima(long x, long rows, long width, long maxima);

    /** sums += x - origin and squares += (x - origin)². */
    void moments(long x, long rows, long width, long origin, long sums, long squares);

    /**
     * y = activation((x - centre) scale + shift + residual).
     *
     * @param residual as large as x, or 0 for none
     */
    void affine(Unary activation, long x, long residual, long centre, long scale, long shift, long y, long rows,
            long width);

    /**
     * sums += g and products += g (x - centre), where g = dy activation'(y).
     *
     * @param y not read for {@link Unary#IDENTITY}
     * @param g where to write g, or 0
     */
    void gradientSums(Unary activation, long x, long y, long dy, long centre, long g, long rows, long width, long sums,
            long products);

    /** dx = a g + b (x - centre) + constant, with g = dy activation'(y). */
    void gradient(Unary activation, long x, long y, long dy, long a, long b, long centre, long constant, long dx,
            long rows, long width);
}
