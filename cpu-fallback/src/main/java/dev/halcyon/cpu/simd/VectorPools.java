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
    private static final long VECTOR = LANES.vectorByteSize();
    /** Vectors that are summed together. */
    private static final int GROUP = 4;
    /** As many bytes as there are lanes; there is no vector of four. */
    static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(Math.max(64, 8 * L)));
    /** Elements that a vector reads or writes at most. */
    private static final int REACH = BYTES.length();
    private static final FloatVector ZERO = FloatVector.zero(LANES);
    static final ScalarPools PLAIN = new ScalarPools();

    /** The kernels keep no state. */
    public VectorPools() {
    }

    /** The channel where a pixel's vector starts. */
    static long lane(int c, int channels) {
        return Math.max(0, Math.min(c, channels - L));
    }

    /** Where a pixel's last vector ends, in elements from its start on. */
    static long reach(int channels) {
        return Math.max(0, channels - L) + REACH;
    }

    /** Number of the element where the last pixel of a block starts. */
    static long last(Line line, long block, int rows, int pixel) {
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
                    VectorMask<Float> kept = value.compare(VectorOperators.LE, best);
                    best = value.blend(best, kept);
                    found = IntVector.broadcast(INTS, place + row * width + column).blend(found, kept.cast(INTS));
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
    public void maxGradient(Line line, long dy, long argument, long block, int rows, int place, int rowStep,
            int columnStep, long dx, long room) {
        VectorPoolGradients.gather(line, dy, argument, block, rows, place, rowStep, columnStep, dx, room);
    }

    @Override
    public void spread(int count, int columns, int channels, long dy, long argument, long readable, int place, long dx,
            long room) {
        VectorPoolGradients.spread(count, columns, channels, dy, argument, readable, place, dx, room);
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

    /** Pixels of many channels are far apart: a few vectors of each are read together. */
    private static void sums(long from, long next, int channels, int rows, int columns, float share, long to) {
        int c = 0;
        for (; c + GROUP * L <= channels; c += GROUP * L) {
            fourSums(from + 4L * c, next, 4L * channels, rows, columns, share, to + 4L * c);
        }
        for (; c < channels; c += L) {
            long lane = 4 * lane(c, channels);
            oneSum(from + lane, next, 4L * channels, rows, columns, share, to + lane);
        }
    }

    private static void fourSums(long from, long next, long pixel, int rows, int columns, float share, long to) {
        FloatVector t0 = FloatVector.zero(LANES);
        FloatVector t1 = t0;
        FloatVector t2 = t0;
        FloatVector t3 = t0;
        for (int row = 0; row < rows; row++) {
            FloatVector s0 = FloatVector.zero(LANES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            long x = Memory.at(from + row * next);
            for (int column = 0; column < columns; column++) {
                s0 = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER).add(s0);
                s1 = FloatVector.fromMemorySegment(LANES, ALL, x + VECTOR, ORDER).add(s1);
                s2 = FloatVector.fromMemorySegment(LANES, ALL, x + 2 * VECTOR, ORDER).add(s2);
                s3 = FloatVector.fromMemorySegment(LANES, ALL, x + 3 * VECTOR, ORDER).add(s3);
                x = Memory.at(x + pixel);
            }
            t0 = s0.add(t0);
            t1 = s1.add(t1);
            t2 = s2.add(t2);
            t3 = s3.add(t3);
        }
        t0.mul(share).intoMemorySegment(ALL, to, ORDER);
        t1.mul(share).intoMemorySegment(ALL, to + VECTOR, ORDER);
        t2.mul(share).intoMemorySegment(ALL, to + 2 * VECTOR, ORDER);
        t3.mul(share).intoMemorySegment(ALL, to + 3 * VECTOR, ORDER);
    }

    private static void oneSum(long from, long next, long pixel, int rows, int columns, float share, long to) {
        FloatVector total = FloatVector.zero(LANES);
        for (int row = 0; row < rows; row++) {
            FloatVector sum = FloatVector.zero(LANES);
            long x = Memory.at(from + row * next);
            for (int column = 0; column < columns; column++) {
                sum = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER).add(sum);
                x = Memory.at(x + pixel);
            }
            total = sum.add(total);
        }
        total.mul(share).intoMemorySegment(ALL, to, ORDER);
    }
}
