package dev.halcyon.cpu.simd;

import static dev.halcyon.cpu.simd.VectorFunctions.load;
import static dev.halcyon.cpu.simd.VectorFunctions.store;
import static dev.halcyon.cpu.simd.VectorMath.splat;

import dev.halcyon.cpu.ChannelKernels;
import dev.halcyon.cpu.ScalarChannels;
import dev.halcyon.device.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Columns in vectors: a lane is a column. Memory is read in order, four rows at a time, so that a column's sum is read
 * and written once for four elements. What fills no vector goes to the plain loops.
 */
public final class VectorChannels implements ChannelKernels {
    private static final int L = VectorWidth.FLOATS.length();
    private static final ScalarChannels REST = new ScalarChannels();
    private static final int GROUP = 4;

    /** The kernels keep no state. */
    public VectorChannels() {
    }

    @Override
    public void sums(long x, long rows, long width, long sums) {
        long whole = width - width % L;
        long row = 0;
        for (; row + GROUP <= rows; row += GROUP) {
            fourSums(x + 4 * row * width, 4 * width, whole, sums);
        }
        for (; row < rows; row++) {
            oneSum(x + 4 * row * width, whole, sums);
        }
        for (row = 0; whole < width && row < rows; row++) {
            REST.sums(x + 4 * (row * width + whole), 1, width - whole, sums + 4 * whole);
        }
    }

    private static void fourSums(long x, long rowBytes, long width, long sums) {
        for (long c = 0; c < width; c += L) {
            FloatVector upper = load(x, c).add(load(x + rowBytes, c));
            FloatVector lower = load(x + 2 * rowBytes, c).add(load(x + 3 * rowBytes, c));
            store(load(sums, c).add(upper.add(lower)), sums, c);
        }
    }

    private static void oneSum(long x, long width, long sums) {
        for (long c = 0; c < width; c += L) {
            store(load(sums, c).add(load(x, c)), sums, c);
        }
    }

    @Override
    public void maxima(long x, long rows, long width, long maxima) {
        long whole = width - width % L;
        for (long row = 0; row < rows; row++) {
            oneMaximum(x + 4 * row * width, whole, maxima);
            if (whole < width) {
                REST.maxima(x + 4 * (row * width + whole), 1, width - whole, maxima + 4 * whole);
            }
        }
    }

    private static void oneMaximum(long x, long width, long maxima) {
        for (long c = 0; c < width; c += L) {
            store(load(maxima, c).max(load(x, c)), maxima, c);
        }
    }

    @Override
    public void moments(long x, long rows, long width, long origin, long sums, long squares) {
        long whole = width - width % L;
        long row = 0;
        for (; row + GROUP <= rows; row += GROUP) {
            fourMoments(x + 4 * row * width, 4 * width, whole, origin, sums, squares);
        }
        for (; row < rows; row++) {
            oneMoment(x + 4 * row * width, whole, origin, sums, squares);
        }
        for (row = 0; whole < width && row < rows; row++) {
            REST.moments(x + 4 * (row * width + whole), 1, width - whole, origin + 4 * whole, sums + 4 * whole,
                    squares + 4 * whole);
        }
    }

    private static void fourMoments(long x, long rowBytes, long width, long origin, long sums, long squares) {
        for (long c = 0; c < width; c += L) {
            FloatVector zero = load(origin, c);
            FloatVector d0 = load(x, c).sub(zero);
            FloatVector d1 = load(x + rowBytes, c).sub(zero);
            FloatVector d2 = load(x + 2 * rowBytes, c).sub(zero);
            FloatVector d3 = load(x + 3 * rowBytes, c).sub(zero);
            store(load(sums, c).add(d0.add(d1).add(d2.add(d3))), sums, c);
            store(load(squares, c).add(d0.fma(d0, d1.mul(d1)).add(d2.fma(d2, d3.mul(d3)))), squares, c);
        }
    }

    private static void oneMoment(long x, long width, long origin, long sums, long squares) {
        for (long c = 0; c < width; c += L) {
            FloatVector deviation = load(x, c).sub(load(origin, c));
            store(load(sums, c).add(deviation), sums, c);
            store(deviation.fma(deviation, load(squares, c)), squares, c);
        }
    }

    @Override
    public void affine(Unary activation, long x, long residual, long centre, long scale, long shift, long y, long rows,
            long width) {
        long whole = width - width % L;
        float floor = ChannelKernels.floor(activation);
        float ceiling = ChannelKernels.ceiling(activation);
        for (long row = 0; row < rows; row++) {
            long start = 4 * row * width;
            if (residual == 0) {
                affineRow(x + start, centre, scale, shift, floor, ceiling, y + start, whole);
            } else {
                residualRow(x + start, residual + start, centre, scale, shift, floor, ceiling, y + start, whole);
            }
            if (whole < width) {
                long end = start + 4 * whole;
                REST.affine(activation, x + end, residual == 0 ? 0 : residual + end, centre + 4 * whole,
                        scale + 4 * whole, shift + 4 * whole, y + end, 1, width - whole);
            }
        }
    }

    private static void affineRow(long x, long centre, long scale, long shift, float floor, float ceiling, long y,
            long width) {
        for (long c = 0; c < width; c += L) {
            FloatVector value = load(x, c).sub(load(centre, c)).fma(load(scale, c), load(shift, c));
            store(clamp(value, floor, ceiling), y, c);
        }
    }

    private static void residualRow(long x, long residual, long centre, long scale, long shift, float floor,
            float ceiling, long y, long width) {
        for (long c = 0; c < width; c += L) {
            FloatVector value = load(x, c).sub(load(centre, c)).fma(load(scale, c), load(shift, c));
            store(clamp(value.add(load(residual, c)), floor, ceiling), y, c);
        }
    }

    /** NaN stays. */
    private static FloatVector clamp(FloatVector x, float floor, float ceiling) {
        return x.blend(floor, x.compare(VectorOperators.LT, floor))
                .blend(ceiling, x.compare(VectorOperators.GT, ceiling));
    }

    @Override
    public void gradientSums(Unary activation, long x, long y, long dy, long centre, long g, long rows, long width,
            long sums, long products) {
        long whole = width - width % L;
        float closed = ChannelKernels.closed(activation);
        for (long row = 0; row < rows; row++) {
            long start = 4 * row * width;
            long errors = dy + start;
            if (activation != Unary.IDENTITY) {
                long target = g == 0 ? 0 : g + start;
                maskedSums(x + start, y + start, errors, centre, closed, target, whole, sums, products);
            } else {
                errorSums(x + start, errors, centre, whole, sums, products);
                if (g != 0) {
                    copyRow(errors, g + start, whole);
                }
            }
            if (whole < width) {
                long end = start + 4 * whole;
                REST.gradientSums(activation, x + end, y + end, dy + end, centre + 4 * whole, g == 0 ? 0 : g + end, 1,
                        width - whole, sums + 4 * whole, products + 4 * whole);
            }
        }
    }

    private static void errorSums(long x, long dy, long centre, long width, long sums, long products) {
        for (long c = 0; c < width; c += L) {
            FloatVector error = load(dy, c);
            store(load(sums, c).add(error), sums, c);
            store(load(x, c).sub(load(centre, c)).fma(error, load(products, c)), products, c);
        }
    }

    private static void maskedSums(long x, long y, long dy, long centre, float closed, long g, long width, long sums,
            long products) {
        for (long c = 0; c < width; c += L) {
            FloatVector error = error(load(y, c), load(dy, c), closed);
            if (g != 0) {
                store(error, g, c);
            }
            store(load(sums, c).add(error), sums, c);
            store(load(x, c).sub(load(centre, c)).fma(error, load(products, c)), products, c);
        }
    }

    private static void copyRow(long from, long to, long width) {
        for (long c = 0; c < width; c += L) {
            store(load(from, c), to, c);
        }
    }

    @Override
    public void gradient(Unary activation, long x, long y, long dy, long a, long b, long centre, long constant,
            long dx, long rows, long width) {
        long whole = width - width % L;
        float closed = ChannelKernels.closed(activation);
        for (long row = 0; row < rows; row++) {
            long start = 4 * row * width;
            if (activation != Unary.IDENTITY) {
                maskedGradient(x + start, y + start, dy + start, a, b, centre, constant, closed, dx + start, whole);
            } else {
                errorGradient(x + start, dy + start, a, b, centre, constant, dx + start, whole);
            }
            if (whole < width) {
                long end = start + 4 * whole;
                REST.gradient(activation, x + end, y + end, dy + end, a + 4 * whole, b + 4 * whole, centre + 4 * whole,
                        constant + 4 * whole, dx + end, 1, width - whole);
            }
        }
    }

    private static void errorGradient(long x, long dy, long a, long b, long centre, long constant, long dx,
            long width) {
        for (long c = 0; c < width; c += L) {
            FloatVector rest = load(x, c).sub(load(centre, c)).fma(load(b, c), load(constant, c));
            store(load(dy, c).fma(load(a, c), rest), dx, c);
        }
    }

    private static void maskedGradient(long x, long y, long dy, long a, long b, long centre, long constant,
            float closed, long dx, long width) {
        for (long c = 0; c < width; c += L) {
            FloatVector rest = load(x, c).sub(load(centre, c)).fma(load(b, c), load(constant, c));
            store(error(load(y, c), load(dy, c), closed).fma(load(a, c), rest), dx, c);
        }
    }

    private static FloatVector error(FloatVector y, FloatVector dy, float closed) {
        VectorMask<Float> open = y.compare(VectorOperators.GT, 0).andNot(y.compare(VectorOperators.GE, closed));
        return splat(0).blend(dy, open);
    }
}
