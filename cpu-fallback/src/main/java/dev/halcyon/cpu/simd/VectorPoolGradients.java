package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.PoolKernels.Line;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Gradients of maxima in windows, in the vectors of {@link VectorPools}. A pixel of few vectors loses by a loop that the
 * compiler divides into three; what gathers from one, two or four windows has loops that it does not.
 */
final class VectorPoolGradients {
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = VectorWidth.INTS;
    private static final int L = LANES.length();

    private VectorPoolGradients() {
    }

    static void spread(int count, int columns, int channels, long dy, long argument, long readable, int place, long dx,
            long room) {
        long reach = VectorPools.reach(channels);
        long fit = Math.min(readable - reach, Math.floorDiv(room - reach - (columns - 1L) * channels, columns));
        int inVectors = fit < 0 ? 0 : (int) Math.min(count, fit / channels + 1);
        if (columns == 2 && channels <= L) {
            toPairs(inVectors, channels, dy, argument, place, dx);
        } else {
            for (int i = 0; i < inVectors; i++) {
                long from = (long) i * channels;
                toMany(dy + 4 * from, argument + from, channels, place, columns, dx + 4 * from * columns);
            }
        }
        if (inVectors < count) {
            long from = (long) inVectors * channels;
            VectorPools.PLAIN.spread(count - inVectors, columns, channels, dy + 4 * from, argument + from,
                    readable - from, place,
                    dx + 4 * from * columns, room - from * columns);
        }
    }

    /** A window is one vector. */
    private static void toPairs(int count, int channels, long dy, long argument, int place, long dx) {
        long step = Memory.ahead(channels);
        long from = Memory.at(dy);
        long arguments = Memory.at(argument);
        long to = Memory.at(dx);
        for (int i = 0; i < count; i++) {
            FloatVector gradient = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * (i * step), ORDER);
            IntVector places =
                    (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, arguments + i * step, ORDER)
                            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            VectorMask<Float> left = places.compare(VectorOperators.EQ, place).cast(LANES);
            VectorMask<Float> right = places.compare(VectorOperators.EQ, place + 1).cast(LANES);
            FloatVector.zero(LANES).blend(gradient, left).intoMemorySegment(ALL, to + 8 * (i * step), ORDER);
            FloatVector.zero(LANES).blend(gradient, right).intoMemorySegment(ALL, to + 8 * (i * step) + 4 * step,
                    ORDER);
        }
    }

    private static void toMany(long dy, long argument, int channels, int place, int columns, long dx) {
        for (int c = 0; c < channels; c += L) {
            long lane = VectorPools.lane(c, channels);
            FloatVector gradient = FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * lane, ORDER);
            IntVector places = (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, argument + lane, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            for (int column = 0; column < columns; column++) {
                VectorMask<Float> here = places.compare(VectorOperators.EQ, place + column).cast(LANES);
                FloatVector.zero(LANES).blend(gradient, here).intoMemorySegment(ALL,
                        dx + 4 * (lane + (long) column * channels), ORDER);
            }
        }
    }

    /**
     * Pixels a stride apart that lie alike in their windows go together. Where a pixel fills no vector, what is written
     * beyond it asks for one pixel after the other.
     */
    static void gather(Line line, long dy, long argument, long block, int rows, int place, int rowStep,
            int columnStep, long dx, long room) {
        int channels = line.channels();
        int stride = channels < L ? 1 : columnStep;
        for (int phase = 0; phase < Math.min(stride, line.pixels()); phase++) {
            for (int i = phase, count; i < line.pixels(); i += count * stride) {
                count = channels < L ? 1 : alike(line, i, stride);
                int inVectors = count;
                while (inVectors > 0 && reachesBeyond(line, block, rows, i + (inVectors - 1) * stride, room)) {
                    inVectors--;
                }
                long from = block + (long) line.first()[i] * channels;
                Run run = new Run(dy + 4 * from, argument + from, inVectors, channels, place + line.place()[i],
                        dx + 4L * i * channels, 4L * stride * channels);
                gather(run, rows, line.count()[i], line.width(), rowStep, columnStep);
                for (int j = inVectors; j < count; j++) {
                    int pixel = i + j * stride;
                    VectorPools.PLAIN.maxGradient(line.only(pixel), dy, argument, block, rows, place, rowStep,
                            columnStep, dx + 4L * pixel * channels, room - (long) pixel * channels);
                }
            }
        }
    }

    /** How many pixels from one on, so many apart, lie alike in as many windows. */
    private static int alike(Line line, int first, int stride) {
        int next = first + stride;
        while (next < line.pixels() && line.count()[next] == line.count()[first]
                && line.place()[next] == line.place()[first]) {
            next += stride;
        }
        return (next - first) / stride;
    }

    private static boolean reachesBeyond(Line line, long block, int rows, int pixel, long room) {
        long reach = VectorPools.reach(line.channels());
        return (long) pixel * line.channels() + reach > room
                || VectorPools.last(line, block, rows, pixel) + reach > line.elements();
    }

    /**
     * Pixels that look at windows side by side.
     *
     * @param dy gradient of the first pixel's first window; the next pixel's is the next
     * @param argument beside it
     * @param pixels how many
     * @param place of a pixel in its first window
     * @param dx the first pixel
     * @param dxStep bytes from a pixel to the next
     */
    private record Run(long dy, long argument, int pixels, int channels, int place, long dx, long dxStep) {
    }

    private static void gather(Run run, int rows, int columns, int width, int rowStep, int columnStep) {
        long next = (long) width * run.channels;
        if (rows == 1 && columns == 1) {
            fromOne(run);
        } else if (rows == 1 && columns == 2) {
            fromTwo(run, run.channels, columnStep);
        } else if (rows == 2 && columns == 1) {
            fromTwo(run, next, rowStep);
        } else if (rows == 2 && columns == 2) {
            fromFour(run, next, rowStep, columnStep);
        } else {
            fromMany(run, rows, columns, next, rowStep, columnStep);
        }
    }

    /** Adding 0 makes a sum that starts at 0 of it, as in every other case: no sum is -0. */
    private static void fromOne(Run run) {
        int channels = run.channels;
        int place = run.place;
        long dy = Memory.at(run.dy);
        long argument = Memory.at(run.argument);
        long dx = Memory.at(run.dx);
        long step = Memory.ahead(channels);
        long dyStep = Memory.ahead(4L * channels);
        long dxStep = Memory.ahead(run.dxStep);
        int pixels = run.pixels;
        long last = VectorPools.lane(channels, channels);
        for (int i = 0; i < pixels; i++) {
            long gradients = dy + i * dyStep;
            long arguments = argument + i * step;
            long to = dx + i * dxStep;
            long lane = -L;
            do {
                lane = Memory.ahead(Math.min(lane + L, last));
                IntVector places = (IntVector) ByteVector
                        .fromMemorySegment(VectorPools.BYTES, ALL, arguments + lane, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                VectorMask<Float> here = places.compare(VectorOperators.EQ, place).cast(LANES);
                FloatVector gradient = FloatVector.fromMemorySegment(LANES, ALL, gradients + 4 * lane, ORDER);
                FloatVector.zero(LANES).blend(gradient.add(0), here).intoMemorySegment(ALL, to + 4 * lane, ORDER);
            } while (lane < last);
        }
    }

    /** From the windows beside a pixel's first too, or below it: {@code further} elements from it. */
    private static void fromTwo(Run run, long further, int less) {
        int channels = run.channels;
        int place = run.place;
        long dy = Memory.at(run.dy);
        long argument = Memory.at(run.argument);
        long dx = Memory.at(run.dx);
        long step = Memory.ahead(channels);
        long dyStep = Memory.ahead(4L * channels);
        long dxStep = Memory.ahead(run.dxStep);
        long next = Memory.ahead(further);
        int pixels = run.pixels;
        long last = VectorPools.lane(channels, channels);
        for (int i = 0; i < pixels; i++) {
            long gradients = dy + i * dyStep;
            long arguments = argument + i * step;
            long to = dx + i * dxStep;
            long lane = -L;
            do {
                lane = Memory.ahead(Math.min(lane + L, last));
                IntVector places = (IntVector) ByteVector
                        .fromMemorySegment(VectorPools.BYTES, ALL, arguments + lane, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                VectorMask<Float> here = places.compare(VectorOperators.EQ, place).cast(LANES);
                FloatVector sum = FloatVector.zero(LANES).blend(
                        FloatVector.fromMemorySegment(LANES, ALL, gradients + 4 * lane, ORDER).add(0), here);
                places = (IntVector) ByteVector
                        .fromMemorySegment(VectorPools.BYTES, ALL, arguments + lane + next, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                here = places.compare(VectorOperators.EQ, place - less).cast(LANES);
                sum = sum.add(FloatVector.zero(LANES).blend(
                        FloatVector.fromMemorySegment(LANES, ALL, gradients + 4 * (lane + next), ORDER), here));
                sum.intoMemorySegment(ALL, to + 4 * lane, ORDER);
            } while (lane < last);
        }
    }

    private static void fromFour(Run run, long further, int rowStep, int columnStep) {
        int channels = run.channels;
        int place = run.place;
        long dy = Memory.at(run.dy);
        long argument = Memory.at(run.argument);
        long dx = Memory.at(run.dx);
        long step = Memory.ahead(channels);
        long dyStep = Memory.ahead(4L * channels);
        long dxStep = Memory.ahead(run.dxStep);
        long next = Memory.ahead(further);
        int pixels = run.pixels;
        long last = VectorPools.lane(channels, channels);
        for (int i = 0; i < pixels; i++) {
            long gradients = dy + i * dyStep;
            long arguments = argument + i * step;
            long to = dx + i * dxStep;
            long lane = -L;
            do {
                lane = Memory.ahead(Math.min(lane + L, last));
                long right = lane + step;
                IntVector places = (IntVector) ByteVector
                        .fromMemorySegment(VectorPools.BYTES, ALL, arguments + lane, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                VectorMask<Float> here = places.compare(VectorOperators.EQ, place).cast(LANES);
                FloatVector sum = FloatVector.zero(LANES).blend(
                        FloatVector.fromMemorySegment(LANES, ALL, gradients + 4 * lane, ORDER).add(0), here);
                places = (IntVector) ByteVector
                        .fromMemorySegment(VectorPools.BYTES, ALL, arguments + right, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                here = places.compare(VectorOperators.EQ, place - columnStep).cast(LANES);
                sum = sum.add(FloatVector.zero(LANES).blend(
                        FloatVector.fromMemorySegment(LANES, ALL, gradients + 4 * right, ORDER), here));
                places = (IntVector) ByteVector
                        .fromMemorySegment(VectorPools.BYTES, ALL, arguments + lane + next, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                here = places.compare(VectorOperators.EQ, place - rowStep).cast(LANES);
                sum = sum.add(FloatVector.zero(LANES).blend(
                        FloatVector.fromMemorySegment(LANES, ALL, gradients + 4 * (lane + next), ORDER), here));
                places = (IntVector) ByteVector
                        .fromMemorySegment(VectorPools.BYTES, ALL, arguments + right + next, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                here = places.compare(VectorOperators.EQ, place - rowStep - columnStep).cast(LANES);
                sum = sum.add(FloatVector.zero(LANES).blend(
                        FloatVector.fromMemorySegment(LANES, ALL, gradients + 4 * (right + next), ORDER), here));
                sum.intoMemorySegment(ALL, to + 4 * lane, ORDER);
            } while (lane < last);
        }
    }

    private static void fromMany(Run run, int rows, int columns, long next, int rowStep, int columnStep) {
        int channels = run.channels;
        for (int i = 0; i < run.pixels; i++) {
            long to = Memory.at(run.dx + i * run.dxStep);
            for (int c = 0; c < channels; c += L) {
                long lane = VectorPools.lane(c, channels);
                FloatVector sum = FloatVector.zero(LANES);
                for (int row = 0; row < rows; row++) {
                    long gradients = Memory.at(run.dy + 4 * (i * (long) channels + row * next));
                    long arguments = Memory.at(run.argument + i * (long) channels + row * next);
                    for (int column = 0; column < columns; column++) {
                        long from = lane + (long) column * channels;
                        IntVector places = (IntVector) ByteVector
                                .fromMemorySegment(VectorPools.BYTES, ALL, arguments + from, ORDER)
                                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                        VectorMask<Float> here = places
                                .compare(VectorOperators.EQ, run.place - row * rowStep - column * columnStep)
                                .cast(LANES);
                        sum = FloatVector.zero(LANES)
                                .blend(FloatVector.fromMemorySegment(LANES, ALL, gradients + 4 * from, ORDER), here)
                                .add(sum);
                    }
                }
                sum.intoMemorySegment(ALL, to + 4 * lane, ORDER);
            }
        }
    }
}
