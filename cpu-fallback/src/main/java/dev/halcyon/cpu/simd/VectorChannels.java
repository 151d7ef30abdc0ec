package dev.halcyon.cpu.simd;

import static dev.halcyon.cpu.simd.VectorMath.splat;

import dev.halcyon.cpu.ChannelKernels;
import dev.halcyon.cpu.Memory;
import dev.halcyon.device.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Pixels in vectors: a lane is a channel. */
public final class VectorChannels implements ChannelKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = VectorWidth.INTS;
    private static final int L = LANES.length();

    /** The kernels keep no state. */
    public VectorChannels() {
    }

    @Override
    public void moments(long x, long rows, int channels, long origin, long sums, long squares) {
        long rowBytes = 4L * channels;
        for (int c = 0; c < channels; c += L) {
            VectorMask<Float> mask = LANES.indexInRange(c, channels);
            FloatVector zero = load(origin, c, mask);
            FloatVector sum = splat(0);
            FloatVector square = splat(0);
            long pixel = x;
            for (long row = 0; row < rows; row++) {
                FloatVector deviation = load(pixel, c, mask).sub(zero);
                sum = sum.add(deviation);
                square = deviation.fma(deviation, square);
                pixel += rowBytes;
            }
            store(sum, sums, c, mask);
            store(square, squares, c, mask);
        }
    }

    @Override
    public void affine(Unary activation, long x, long residual, long scale, long shift, long y, long rows,
            int channels) {
        float floor = activation == Unary.IDENTITY ? Float.NEGATIVE_INFINITY : 0;
        float ceiling = activation == Unary.RELU6 ? 6 : Float.POSITIVE_INFINITY;
        for (int c = 0; c < channels; c += L) {
            VectorMask<Float> mask = LANES.indexInRange(c, channels);
            FloatVector a = load(scale, c, mask);
            FloatVector b = load(shift, c, mask);
            long end = rows * channels;
            for (long pixel = 0; pixel < end; pixel += channels) {
                FloatVector value = load(x, pixel + c, mask).fma(a, b);
                if (residual != 0) {
                    value = value.add(load(residual, pixel + c, mask));
                }
                store(value.max(floor).min(ceiling), y, pixel + c, mask);
            }
        }
    }

    @Override
    public void gradientSums(Unary activation, long x, long y, long dy, long mean, long inverse, long g, long rows,
            int channels, long sums, long products) {
        for (int c = 0; c < channels; c += L) {
            VectorMask<Float> mask = LANES.indexInRange(c, channels);
            FloatVector centre = load(mean, c, mask);
            FloatVector scale = load(inverse, c, mask);
            FloatVector sum = splat(0);
            FloatVector product = splat(0);
            long end = rows * channels;
            for (long pixel = 0; pixel < end; pixel += channels) {
                FloatVector error = error(activation, y, dy, pixel + c, mask);
                if (g != 0) {
                    store(error, g, pixel + c, mask);
                }
                sum = sum.add(error);
                product = load(x, pixel + c, mask).sub(centre).mul(scale).fma(error, product);
            }
            store(sum, sums, c, mask);
            store(product, products, c, mask);
        }
    }

    @Override
    public void gradient(Unary activation, long x, long y, long dy, long a, long b, long c, long dx, long rows,
            int channels) {
        for (int first = 0; first < channels; first += L) {
            VectorMask<Float> mask = LANES.indexInRange(first, channels);
            FloatVector byError = load(a, first, mask);
            FloatVector byInput = load(b, first, mask);
            FloatVector constant = load(c, first, mask);
            long end = rows * channels;
            for (long pixel = 0; pixel < end; pixel += channels) {
                FloatVector error = error(activation, y, dy, pixel + first, mask);
                FloatVector input = load(x, pixel + first, mask);
                store(error.fma(byError, input.fma(byInput, constant)), dx, pixel + first, mask);
            }
        }
    }

    private static FloatVector error(Unary activation, long y, long dy, long i, VectorMask<Float> mask) {
        FloatVector error = load(dy, i, mask);
        if (activation == Unary.IDENTITY) {
            return error;
        }
        FloatVector output = load(y, i, mask);
        VectorMask<Float> open = output.compare(VectorOperators.GT, 0);
        if (activation == Unary.RELU6) {
            open = open.and(output.compare(VectorOperators.LT, 6));
        }
        return splat(0).blend(error, open);
    }

    @Override
    public void maxWindow(long x, int rows, int columns, long rowBytes, int first, int width, int channels, long y,
            long argument) {
        for (int c = 0; c < channels; c += L) {
            VectorMask<Float> mask = LANES.indexInRange(c, channels);
            FloatVector best = load(x, c, mask);
            IntVector place = IntVector.broadcast(INTS, first);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    FloatVector value = load(x + row * rowBytes + 4L * column * channels, c, mask);
                    VectorMask<Float> larger = value.compare(VectorOperators.GT, best)
                            .or(value.test(VectorOperators.IS_NAN).andNot(best.test(VectorOperators.IS_NAN)));
                    best = best.blend(value, larger);
                    place = place.blend(first + row * width + column, larger.cast(INTS));
                }
            }
            long output = y + 4L * c;
            place.intoMemorySegment(Memory.ALL, output, Memory.ORDER, mask.cast(INTS));
            for (int lane = 0; lane < Math.min(L, channels - c); lane++) {
                Memory.setByte(argument + c + lane, (byte) Memory.getInt(output + 4L * lane));
            }
            store(best, y, c, mask);
        }
    }

    private static FloatVector load(long row, long i, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(LANES, Memory.ALL, row + 4 * i, Memory.ORDER, mask);
    }

    private static void store(FloatVector value, long row, long i, VectorMask<Float> mask) {
        value.intoMemorySegment(Memory.ALL, row + 4 * i, Memory.ORDER, mask);
    }
}
