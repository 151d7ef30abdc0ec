package dev.halcyon.cpu;

import dev.halcyon.device.Unary;

/** Columns by plain loops, with the roundings of the vector kernels wherever no sum is involved. */
public final class ScalarChannels implements ChannelKernels {
    /** The kernels keep no state. */
    public ScalarChannels() {
    }

    @Override
    public void sums(long x, long rows, long width, long sums) {
        for (long c = 0; c < width; c++) {
            double sum = at(sums, c);
            for (long row = 0; row < rows; row++) {
                sum += at(x, row * width + c);
            }
            Memory.setFloat(sums + 4 * c, (float) sum);
        }
    }

    @Override
    public void maxima(long x, long rows, long width, long maxima) {
        for (long row = 0; row < rows; row++) {
            for (long c = 0; c < width; c++) {
                Memory.setFloat(maxima + 4 * c, Math.max(at(maxima, c), at(x, row * width + c)));
            }
        }
    }

    @Override
    public void moments(long x, long rows, long width, long origin, long sums, long squares) {
        for (long c = 0; c < width; c++) {
            double sum = at(sums, c);
            double square = at(squares, c);
            for (long row = 0; row < rows; row++) {
                double deviation = at(x, row * width + c) - at(origin, c);
                sum += deviation;
                square += deviation * deviation;
            }
            Memory.setFloat(sums + 4 * c, (float) sum);
            Memory.setFloat(squares + 4 * c, (float) square);
        }
    }

    @Override
    public void affine(Unary activation, long x, long residual, long centre, long scale, long shift, long y, long rows,
            long width) {
        float floor = ChannelKernels.floor(activation);
        float ceiling = ChannelKernels.ceiling(activation);
        for (long row = 0; row < rows; row++) {
            for (long c = 0; c < width; c++) {
                long i = row * width + c;
                float value = Math.fma(at(x, i) - at(centre, c), at(scale, c), at(shift, c));
                if (residual != 0) {
                    value += at(residual, i);
                }
                Memory.setFloat(y + 4 * i, value < floor ? floor : value > ceiling ? ceiling : value);
            }
        }
    }

    @Override
    public void gradientSums(Unary activation, long x, long y, long dy, long centre, long g, long rows, long width,
            long sums, long products) {
        for (long c = 0; c < width; c++) {
            double sum = at(sums, c);
            double product = at(products, c);
            for (long row = 0; row < rows; row++) {
                long i = row * width + c;
                float error = error(activation, y, dy, i);
                if (g != 0) {
                    Memory.setFloat(g + 4 * i, error);
                }
                sum += error;
                product += (double) error * (at(x, i) - at(centre, c));
            }
            Memory.setFloat(sums + 4 * c, (float) sum);
            Memory.setFloat(products + 4 * c, (float) product);
        }
    }

    @Override
    public void gradient(Unary activation, long x, long y, long dy, long a, long b, long centre, long constant,
            long dx, long rows, long width) {
        for (long row = 0; row < rows; row++) {
            for (long c = 0; c < width; c++) {
                long i = row * width + c;
                float rest = Math.fma(at(x, i) - at(centre, c), at(b, c), at(constant, c));
                Memory.setFloat(dx + 4 * i, Math.fma(error(activation, y, dy, i), at(a, c), rest));
            }
        }
    }

    private static float error(Unary activation, long y, long dy, long i) {
        if (activation == Unary.IDENTITY) {
            return at(dy, i);
        }
        float output = at(y, i);
        return output > 0 && !(output >= ChannelKernels.closed(activation)) ? at(dy, i) : 0;
    }

    private static float at(long row, long i) {
        return Memory.getFloat(row + 4 * i);
    }
}
