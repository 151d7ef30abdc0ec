package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.ChannelKernels;
import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.ScalarChannels;
import dev.halcyon.device.Unary;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Columns in vectors: a lane is a column. Memory is read in order, four rows at a time, so that a column's sum is read
 * and written once for four elements. What fills no vector goes to the plain loops.
 */
public final class VectorChannels implements ChannelKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
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
            FloatVector upper = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER)
                    .add(FloatVector.fromMemorySegment(LANES, ALL, x + rowBytes + 4L * c, ORDER));
            FloatVector lower = FloatVector.fromMemorySegment(LANES, ALL, x + 2 * rowBytes + 4L * c, ORDER)
                    .add(FloatVector.fromMemorySegment(LANES, ALL, x + 3 * rowBytes + 4L * c, ORDER));
            FloatVector.fromMemorySegment(LANES, ALL, sums + 4L * c, ORDER).add(upper.add(lower)).intoMemorySegment(ALL,
                    sums + 4L * c, ORDER);
        }
    }

    private static void oneSum(long x, long width, long sums) {
        for (long c = 0; c < width; c += L) {
            FloatVector.fromMemorySegment(LANES, ALL, sums + 4L * c, ORDER)
                    .add(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER))
                    .intoMemorySegment(ALL, sums + 4L * c, ORDER);
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
            FloatVector.fromMemorySegment(LANES, ALL, maxima + 4L * c, ORDER)
                    .max(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER))
                    .intoMemorySegment(ALL, maxima + 4L * c, ORDER);
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
            FloatVector zero = FloatVector.fromMemorySegment(LANES, ALL, origin + 4L * c, ORDER);
            FloatVector d0 = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER).sub(zero);
            FloatVector d1 = FloatVector.fromMemorySegment(LANES, ALL, x + rowBytes + 4L * c, ORDER).sub(zero);
            FloatVector d2 = FloatVector.fromMemorySegment(LANES, ALL, x + 2 * rowBytes + 4L * c, ORDER).sub(zero);
            FloatVector d3 = FloatVector.fromMemorySegment(LANES, ALL, x + 3 * rowBytes + 4L * c, ORDER).sub(zero);
            FloatVector.fromMemorySegment(LANES, ALL, sums + 4L * c, ORDER).add(d0.add(d1).add(d2.add(d3)))
                    .intoMemorySegment(ALL, sums + 4L * c, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, squares + 4L * c, ORDER)
                    .add(d0.fma(d0, d1.mul(d1)).add(d2.fma(d2, d3.mul(d3))))
                    .intoMemorySegment(ALL, squares + 4L * c, ORDER);
        }
    }

    private static void oneMoment(long x, long width, long origin, long sums, long squares) {
        for (long c = 0; c < width; c += L) {
            FloatVector deviation = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER)
                    .sub(FloatVector.fromMemorySegment(LANES, ALL, origin + 4L * c, ORDER));
            FloatVector.fromMemorySegment(LANES, ALL, sums + 4L * c, ORDER).add(deviation).intoMemorySegment(ALL,
                    sums + 4L * c, ORDER);
            deviation.fma(deviation, FloatVector.fromMemorySegment(LANES, ALL, squares + 4L * c, ORDER))
                    .intoMemorySegment(ALL, squares + 4L * c, ORDER);
        }
    }

    /** The clamp to the activation's range is written as comparisons, so that NaN stays. */
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
            FloatVector value = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER)
                    .sub(FloatVector.fromMemorySegment(LANES, ALL, centre + 4L * c, ORDER))
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, scale + 4L * c, ORDER),
                            FloatVector.fromMemorySegment(LANES, ALL, shift + 4L * c, ORDER));
            value = value.blend(floor, value.compare(VectorOperators.LT, floor));
            value.blend(ceiling, value.compare(VectorOperators.GT, ceiling)).intoMemorySegment(ALL, y + 4L * c, ORDER);
        }
    }

    private static void residualRow(long x, long residual, long centre, long scale, long shift, float floor,
            float ceiling, long y, long width) {
        for (long c = 0; c < width; c += L) {
            FloatVector value = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER)
                    .sub(FloatVector.fromMemorySegment(LANES, ALL, centre + 4L * c, ORDER))
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, scale + 4L * c, ORDER),
                            FloatVector.fromMemorySegment(LANES, ALL, shift + 4L * c, ORDER))
                    .add(FloatVector.fromMemorySegment(LANES, ALL, residual + 4L * c, ORDER));
            value = value.blend(floor, value.compare(VectorOperators.LT, floor));
            value.blend(ceiling, value.compare(VectorOperators.GT, ceiling)).intoMemorySegment(ALL, y + 4L * c, ORDER);
        }
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
                if (g != 0 && g != dy) {
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
            FloatVector error = FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * c, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, sums + 4L * c, ORDER).add(error).intoMemorySegment(ALL,
                    sums + 4L * c, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER)
                    .sub(FloatVector.fromMemorySegment(LANES, ALL, centre + 4L * c, ORDER))
                    .fma(error, FloatVector.fromMemorySegment(LANES, ALL, products + 4L * c, ORDER))
                    .intoMemorySegment(ALL, products + 4L * c, ORDER);
        }
    }

    private static void maskedSums(long x, long y, long dy, long centre, float closed, long g, long width, long sums,
            long products) {
        for (long c = 0; c < width; c += L) {
            FloatVector output = FloatVector.fromMemorySegment(LANES, ALL, y + 4L * c, ORDER);
            FloatVector error = FloatVector.zero(LANES).blend(
                    FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * c, ORDER),
                    output.compare(VectorOperators.GT, 0).andNot(output.compare(VectorOperators.GE, closed)));
            if (g != 0) {
                error.intoMemorySegment(ALL, g + 4L * c, ORDER);
            }
            FloatVector.fromMemorySegment(LANES, ALL, sums + 4L * c, ORDER).add(error).intoMemorySegment(ALL,
                    sums + 4L * c, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER)
                    .sub(FloatVector.fromMemorySegment(LANES, ALL, centre + 4L * c, ORDER))
                    .fma(error, FloatVector.fromMemorySegment(LANES, ALL, products + 4L * c, ORDER))
                    .intoMemorySegment(ALL, products + 4L * c, ORDER);
        }
    }

    private static void copyRow(long from, long to, long width) {
        for (long c = 0; c < width; c += L) {
            FloatVector.fromMemorySegment(LANES, ALL, from + 4L * c, ORDER).intoMemorySegment(ALL, to + 4L * c, ORDER);
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
            FloatVector rest = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER)
                    .sub(FloatVector.fromMemorySegment(LANES, ALL, centre + 4L * c, ORDER))
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, b + 4L * c, ORDER),
                            FloatVector.fromMemorySegment(LANES, ALL, constant + 4L * c, ORDER));
            FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * c, ORDER)
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, a + 4L * c, ORDER), rest)
                    .intoMemorySegment(ALL, dx + 4L * c, ORDER);
        }
    }

    private static void maskedGradient(long x, long y, long dy, long a, long b, long centre, long constant,
            float closed, long dx, long width) {
        for (long c = 0; c < width; c += L) {
            FloatVector rest = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * c, ORDER)
                    .sub(FloatVector.fromMemorySegment(LANES, ALL, centre + 4L * c, ORDER))
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, b + 4L * c, ORDER),
                            FloatVector.fromMemorySegment(LANES, ALL, constant + 4L * c, ORDER));
            FloatVector output = FloatVector.fromMemorySegment(LANES, ALL, y + 4L * c, ORDER);
            FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * c, ORDER),
                            output.compare(VectorOperators.GT, 0).andNot(output.compare(VectorOperators.GE, closed)))
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, a + 4L * c, ORDER), rest)
                    .intoMemorySegment(ALL, dx + 4L * c, ORDER);
        }
    }
}
