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

/** Gradients of maxima in windows, in the vectors of {@link VectorPools}. */
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

    static void gather(Line line, long dy, long argument, long block, int rows, int place, int rowStep,
            int columnStep, long dx, long room) {
        int channels = line.channels();
        long next = (long) line.width() * channels;
        long reach = VectorPools.reach(channels);
        for (int i = 0; i < line.pixels(); i++) {
            long to = (long) i * channels;
            int columns = line.count()[i];
            int start = place + line.place()[i];
            long from = block + (long) line.first()[i] * channels;
            if (to + reach > room || VectorPools.last(line, block, rows, i) + reach > line.elements()) {
                VectorPools.PLAIN.maxGradient(line.only(i), dy, argument, block, rows, place, rowStep, columnStep,
                        dx + 4 * to,
                        room - to);
            } else if (rows == 1 && columns == 1) {
                fromOne(dy + 4 * from, argument + from, channels, start, dx + 4 * to);
            } else if (rows == 1 && columns == 2) {
                fromTwo(dy + 4 * from, argument + from, channels, start, channels, columnStep, dx + 4 * to);
            } else if (rows == 2 && columns == 1) {
                fromTwo(dy + 4 * from, argument + from, channels, start, next, rowStep, dx + 4 * to);
            } else if (rows == 2 && columns == 2) {
                fromFour(dy + 4 * from, argument + from, channels, start, next, rowStep, columnStep, dx + 4 * to);
            } else {
                fromMany(dy + 4 * from, argument + from, channels, rows, columns, start, next, rowStep, columnStep,
                        dx + 4 * to);
            }
        }
    }

    /** Adding 0 makes a sum that starts at 0 of it, as in every other case: no sum is -0. */
    private static void fromOne(long dy, long argument, int channels, int place, long dx) {
        for (int c = 0; c < channels; c += L) {
            long lane = VectorPools.lane(c, channels);
            IntVector places = (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, argument + lane, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            VectorMask<Float> here = places.compare(VectorOperators.EQ, place).cast(LANES);
            FloatVector gradient = FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * lane, ORDER);
            FloatVector.zero(LANES).blend(gradient.add(0), here).intoMemorySegment(ALL, dx + 4 * lane, ORDER);
        }
    }

    private static void fromTwo(long dy, long argument, int channels, int place, long next, int step, long dx) {
        for (int c = 0; c < channels; c += L) {
            long lane = VectorPools.lane(c, channels);
            IntVector places = (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, argument + lane, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            VectorMask<Float> here = places.compare(VectorOperators.EQ, place).cast(LANES);
            FloatVector sum = FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * lane, ORDER).add(0), here);
            places = (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, argument + lane + next, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            here = places.compare(VectorOperators.EQ, place - step).cast(LANES);
            sum = sum.add(FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * (lane + next), ORDER), here));
            sum.intoMemorySegment(ALL, dx + 4 * lane, ORDER);
        }
    }

    private static void fromFour(long dy, long argument, int channels, int place, long next, int rowStep,
            int columnStep, long dx) {
        for (int c = 0; c < channels; c += L) {
            long lane = VectorPools.lane(c, channels);
            long right = lane + channels;
            IntVector places = (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, argument + lane, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            VectorMask<Float> here = places.compare(VectorOperators.EQ, place).cast(LANES);
            FloatVector sum = FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * lane, ORDER).add(0), here);
            places = (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, argument + right, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            here = places.compare(VectorOperators.EQ, place - columnStep).cast(LANES);
            sum = sum.add(FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * right, ORDER), here));
            places = (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, argument + lane + next, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            here = places.compare(VectorOperators.EQ, place - rowStep).cast(LANES);
            sum = sum.add(FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * (lane + next), ORDER), here));
            places = (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, argument + right + next, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            here = places.compare(VectorOperators.EQ, place - rowStep - columnStep).cast(LANES);
            sum = sum.add(FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * (right + next), ORDER), here));
            sum.intoMemorySegment(ALL, dx + 4 * lane, ORDER);
        }
    }

    private static void fromMany(long dy, long argument, int channels, int rows, int columns, int place, long next,
            int rowStep, int columnStep, long dx) {
        for (int c = 0; c < channels; c += L) {
            long lane = VectorPools.lane(c, channels);
            FloatVector sum = FloatVector.zero(LANES);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    long from = lane + row * next + (long) column * channels;
                    IntVector places =
                            (IntVector) ByteVector.fromMemorySegment(VectorPools.BYTES, ALL, argument + from, ORDER)
                                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
                    VectorMask<Float> here =
                            places.compare(VectorOperators.EQ, place - row * rowStep - column * columnStep).cast(LANES);
                    sum = sum.add(FloatVector.zero(LANES)
                            .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * from, ORDER), here));
                }
            }
            sum.intoMemorySegment(ALL, dx + 4 * lane, ORDER);
        }
    }
}
