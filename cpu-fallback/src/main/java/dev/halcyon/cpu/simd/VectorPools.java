package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.PoolKernels;
import dev.halcyon.cpu.ScalarPools;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Windows in vectors: a lane is a channel. The last vector of a pixel overlaps the one before where channels do not
 * fill it. A pixel of fewer channels than lanes takes a vector all the same, which spills over into the pixels after
 * it; these are written later. Only where there are none, at the end of what a thread writes or may read, plain loops
 * take over. The usual windows have loops without inner loops.
 */
public final class VectorPools implements PoolKernels {
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = VectorWidth.INTS;
    private static final int L = LANES.length();
    /** As many bytes as there are lanes; there is no vector of four. */
    private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(Math.max(64, 8 * L)));
    /** Elements that a vector reads or writes at most. */
    private static final int REACH = BYTES.length();
    private static final FloatVector ZERO = FloatVector.zero(LANES);
    private static final ScalarPools PLAIN = new ScalarPools();

    /** The kernels keep no state. */
    public VectorPools() {
    }

    /** The channel where a pixel's vector starts. */
    private static long lane(int c, int channels) {
        return Math.max(0, Math.min(c, channels - L));
    }

    /** Where a pixel's last vector ends, in elements from its start on. */
    private static long reach(int channels) {
        return Math.max(0, channels - L) + REACH;
    }

    /** Number of the element where the last pixel of a block starts. */
    private static long last(Line line, long block, int rows, int pixel) {
        return block + ((rows - 1L) * line.width() + line.first()[pixel] + line.count()[pixel] - 1) * line.channels();
    }

    /** What is done to values first tells finite ones, which are compared in one step, from others: times zero. */
    @Override
    public void max(Line line, long x, long block, int rows, int place, int width, long y, long argument, long room) {
        int channels = line.channels();
        long rowStep = 4L * line.width() * channels;
        long reach = reach(channels);
        for (int i = 0; i < line.pixels(); i++) {
            long to = (long) i * channels;
            int columns = line.count()[i];
            int start = place + line.place()[i];
            long from = x + 4 * (block + (long) line.first()[i] * channels);
            if (to + reach > room || last(line, block, rows, i) + reach > line.elements()) {
                PLAIN.max(line.only(i), x, block, rows, place, width, y + 4 * to, argument + to, room - to);
            } else if (rows == 2 && columns == 2) {
                twoByTwo(from, rowStep, channels, start, width, y + 4 * to, argument + to);
            } else if (rows == 3 && columns == 3) {
                threeByThree(from, rowStep, channels, start, width, y + 4 * to, argument + to);
            } else {
                window(from, rowStep, channels, rows, columns, start, width, y + 4 * to, argument + to);
            }
        }
    }

    private static void twoByTwo(long x, long rowStep, int channels, int place, int width, long y, long argument) {
        long right = Memory.ahead(4L * channels);
        long below = Memory.ahead(rowStep);
        for (int c = 0; c < channels; c += L) {
            long lane = lane(c, channels);
            long from = Memory.at(x + 4 * lane);
            FloatVector best = FloatVector.fromMemorySegment(LANES, ALL, from, ORDER);
            IntVector found = IntVector.broadcast(INTS, place);
            FloatVector check = best.mul(ZERO);
            FloatVector value = FloatVector.fromMemorySegment(LANES, ALL, from + right, ORDER);
            VectorMask<Float> more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + 1, more.cast(INTS));
            check = value.fma(ZERO, check);
            value = FloatVector.fromMemorySegment(LANES, ALL, from + below, ORDER);
            more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + width, more.cast(INTS));
            check = value.fma(ZERO, check);
            value = FloatVector.fromMemorySegment(LANES, ALL, from + below + right, ORDER);
            more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + width + 1, more.cast(INTS));
            check = value.fma(ZERO, check);
            best.intoMemorySegment(ALL, y + 4 * lane, ORDER);
            ((ByteVector) found.convertShape(VectorOperators.I2B, BYTES, 0)).intoMemorySegment(ALL, argument + lane,
                    ORDER);
            if (!check.compare(VectorOperators.EQ, ZERO).allTrue()) {
                careful(from, below, right, 2, 2, place, width, y + 4 * lane, argument + lane);
            }
        }
    }

    private static void threeByThree(long x, long rowStep, int channels, int place, int width, long y,
            long argument) {
        long right = Memory.ahead(4L * channels);
        long below = Memory.ahead(rowStep);
        for (int c = 0; c < channels; c += L) {
            long lane = lane(c, channels);
            long from = Memory.at(x + 4 * lane);
            FloatVector best = FloatVector.fromMemorySegment(LANES, ALL, from, ORDER);
            IntVector found = IntVector.broadcast(INTS, place);
            FloatVector check = best.mul(ZERO);
            FloatVector value = FloatVector.fromMemorySegment(LANES, ALL, from + right, ORDER);
            VectorMask<Float> more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + 1, more.cast(INTS));
            check = value.fma(ZERO, check);
            value = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * right, ORDER);
            more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + 2, more.cast(INTS));
            check = value.fma(ZERO, check);
            value = FloatVector.fromMemorySegment(LANES, ALL, from + below, ORDER);
            more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + width, more.cast(INTS));
            check = value.fma(ZERO, check);
            value = FloatVector.fromMemorySegment(LANES, ALL, from + below + right, ORDER);
            more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + width + 1, more.cast(INTS));
            check = value.fma(ZERO, check);
            value = FloatVector.fromMemorySegment(LANES, ALL, from + below + 2 * right, ORDER);
            more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + width + 2, more.cast(INTS));
            check = value.fma(ZERO, check);
            value = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * below, ORDER);
            more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + 2 * width, more.cast(INTS));
            check = value.fma(ZERO, check);
            value = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * below + right, ORDER);
            more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + 2 * width + 1, more.cast(INTS));
            check = value.fma(ZERO, check);
            value = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * below + 2 * right, ORDER);
            more = value.compare(VectorOperators.GT, best);
            best = best.blend(value, more);
            found = found.blend(place + 2 * width + 2, more.cast(INTS));
            check = value.fma(ZERO, check);
            best.intoMemorySegment(ALL, y + 4 * lane, ORDER);
            ((ByteVector) found.convertShape(VectorOperators.I2B, BYTES, 0)).intoMemorySegment(ALL, argument + lane,
                    ORDER);
            if (!check.compare(VectorOperators.EQ, ZERO).allTrue()) {
                careful(from, below, right, 3, 3, place, width, y + 4 * lane, argument + lane);
            }
        }
    }

    private static void window(long x, long rowStep, int channels, int rows, int columns, int place, int width, long y,
            long argument) {
        long right = Memory.ahead(4L * channels);
        long below = Memory.ahead(rowStep);
        for (int c = 0; c < channels; c += L) {
            long lane = lane(c, channels);
            long from = Memory.at(x + 4 * lane);
            FloatVector best = FloatVector.fromMemorySegment(LANES, ALL, from, ORDER);
            IntVector found = IntVector.broadcast(INTS, place);
            FloatVector check = best.mul(ZERO);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    FloatVector value =
                            FloatVector.fromMemorySegment(LANES, ALL, from + row * below + column * right, ORDER);
                    VectorMask<Float> more = value.compare(VectorOperators.GT, best);
                    best = best.blend(value, more);
                    found = found.blend(place + row * width + column, more.cast(INTS));
                    check = value.fma(ZERO, check);
                }
            }
            best.intoMemorySegment(ALL, y + 4 * lane, ORDER);
            ((ByteVector) found.convertShape(VectorOperators.I2B, BYTES, 0)).intoMemorySegment(ALL, argument + lane,
                    ORDER);
            if (!check.compare(VectorOperators.EQ, ZERO).allTrue()) {
                careful(from, below, right, rows, columns, place, width, y + 4 * lane, argument + lane);
            }
        }
    }

    /** One vector that has NaN, or infinite values, among those it chooses from. */
    private static void careful(long x, long rowStep, long pixel, int rows, int columns, int place, int width, long y,
            long argument) {
        FloatVector best = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER);
        IntVector found = IntVector.broadcast(INTS, place);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                FloatVector value = FloatVector.fromMemorySegment(LANES, ALL, x + row * rowStep + column * pixel,
                        ORDER);
                VectorMask<Float> more =
                        best.compare(VectorOperators.GE, value).not().and(best.compare(VectorOperators.EQ, best));
                best = best.blend(value, more);
                found = found.blend(place + row * width + column, more.cast(INTS));
            }
        }
        best.intoMemorySegment(ALL, y, ORDER);
        ((ByteVector) found.convertShape(VectorOperators.I2B, BYTES, 0)).intoMemorySegment(ALL, argument, ORDER);
    }

    @Override
    public void spread(int count, int columns, int channels, long dy, long argument, long readable, int place, long dx,
            long room) {
        long reach = reach(channels);
        int inVectors = 0;
        for (int i = 0; i < count; i++) {
            long from = (long) i * channels;
            if (from + reach > readable || from * columns + (columns - 1L) * channels + reach > room) {
                break;
            }
            if (columns == 2) {
                toTwo(dy + 4 * from, argument + from, channels, place, dx + 4 * from * columns);
            } else {
                toMany(dy + 4 * from, argument + from, channels, place, columns, dx + 4 * from * columns);
            }
            inVectors = i + 1;
        }
        if (inVectors < count) {
            long from = (long) inVectors * channels;
            PLAIN.spread(count - inVectors, columns, channels, dy + 4 * from, argument + from, readable - from, place,
                    dx + 4 * from * columns, room - from * columns);
        }
    }

    private static void toTwo(long dy, long argument, int channels, int place, long dx) {
        for (int c = 0; c < channels; c += L) {
            long lane = lane(c, channels);
            FloatVector gradient = FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * lane, ORDER);
            IntVector places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + lane, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            VectorMask<Float> left = places.compare(VectorOperators.EQ, place).cast(LANES);
            VectorMask<Float> right = places.compare(VectorOperators.EQ, place + 1).cast(LANES);
            FloatVector.zero(LANES).blend(gradient, left).intoMemorySegment(ALL, dx + 4 * lane, ORDER);
            FloatVector.zero(LANES).blend(gradient, right).intoMemorySegment(ALL, dx + 4 * (lane + channels), ORDER);
        }
    }

    private static void toMany(long dy, long argument, int channels, int place, int columns, long dx) {
        for (int c = 0; c < channels; c += L) {
            long lane = lane(c, channels);
            FloatVector gradient = FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * lane, ORDER);
            IntVector places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + lane, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            for (int column = 0; column < columns; column++) {
                VectorMask<Float> here = places.compare(VectorOperators.EQ, place + column).cast(LANES);
                FloatVector.zero(LANES).blend(gradient, here).intoMemorySegment(ALL,
                        dx + 4 * (lane + (long) column * channels), ORDER);
            }
        }
    }

    @Override
    public void maxGradient(Line line, long dy, long argument, long block, int rows, int place, int rowStep,
            int columnStep, long dx, long room) {
        int channels = line.channels();
        long next = (long) line.width() * channels;
        long reach = reach(channels);
        for (int i = 0; i < line.pixels(); i++) {
            long to = (long) i * channels;
            int columns = line.count()[i];
            int start = place + line.place()[i];
            long from = block + (long) line.first()[i] * channels;
            if (to + reach > room || last(line, block, rows, i) + reach > line.elements()) {
                PLAIN.maxGradient(line.only(i), dy, argument, block, rows, place, rowStep, columnStep, dx + 4 * to,
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
            long lane = lane(c, channels);
            IntVector places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + lane, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            VectorMask<Float> here = places.compare(VectorOperators.EQ, place).cast(LANES);
            FloatVector gradient = FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * lane, ORDER);
            FloatVector.zero(LANES).blend(gradient.add(0), here).intoMemorySegment(ALL, dx + 4 * lane, ORDER);
        }
    }

    private static void fromTwo(long dy, long argument, int channels, int place, long next, int step, long dx) {
        for (int c = 0; c < channels; c += L) {
            long lane = lane(c, channels);
            IntVector places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + lane, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            VectorMask<Float> here = places.compare(VectorOperators.EQ, place).cast(LANES);
            FloatVector sum = FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * lane, ORDER).add(0), here);
            places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + lane + next, ORDER)
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
            long lane = lane(c, channels);
            long right = lane + channels;
            IntVector places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + lane, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            VectorMask<Float> here = places.compare(VectorOperators.EQ, place).cast(LANES);
            FloatVector sum = FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * lane, ORDER).add(0), here);
            places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + right, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            here = places.compare(VectorOperators.EQ, place - columnStep).cast(LANES);
            sum = sum.add(FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * right, ORDER), here));
            places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + lane + next, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            here = places.compare(VectorOperators.EQ, place - rowStep).cast(LANES);
            sum = sum.add(FloatVector.zero(LANES)
                    .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4 * (lane + next), ORDER), here));
            places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + right + next, ORDER)
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
            long lane = lane(c, channels);
            FloatVector sum = FloatVector.zero(LANES);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    long from = lane + row * next + (long) column * channels;
                    IntVector places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument + from, ORDER)
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

    @Override
    public void sum(Line line, long from, long block, int rows, float share, long to, long room) {
        int channels = line.channels();
        long next = 4L * line.width() * channels;
        long reach = reach(channels);
        for (int i = 0; i < line.pixels(); i++) {
            long target = (long) i * channels;
            int columns = line.count()[i];
            long first = from + 4 * (block + (long) line.first()[i] * channels);
            if (target + reach > room || last(line, block, rows, i) + reach > line.elements()) {
                PLAIN.sum(line.only(i), from, block, rows, share, to + 4 * target, room - target);
            } else if (rows == 1 && columns == 1) {
                share(first, channels, share, to + 4 * target);
            } else {
                sums(first, next, channels, rows, columns, share, to + 4 * target);
            }
        }
    }

    private static void share(long from, int channels, float share, long to) {
        for (int c = 0; c < channels; c += L) {
            long lane = 4 * lane(c, channels);
            FloatVector.fromMemorySegment(LANES, ALL, from + lane, ORDER).add(0).mul(share).intoMemorySegment(ALL,
                    to + lane, ORDER);
        }
    }

    private static void sums(long from, long next, int channels, int rows, int columns, float share, long to) {
        for (int c = 0; c < channels; c += L) {
            long lane = 4 * lane(c, channels);
            FloatVector total = FloatVector.zero(LANES);
            for (int row = 0; row < rows; row++) {
                FloatVector sum = FloatVector.zero(LANES);
                for (int column = 0; column < columns; column++) {
                    sum = sum.add(FloatVector.fromMemorySegment(LANES, ALL,
                            from + lane + row * next + 4L * column * channels, ORDER));
                }
                total = total.add(sum);
            }
            total.mul(share).intoMemorySegment(ALL, to + lane, ORDER);
        }
    }
}
