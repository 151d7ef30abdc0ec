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
 * fill it; pixels of fewer channels than lanes go to the plain loops, and so do arguments of fewer than eight bytes.
 */
public final class VectorPools implements PoolKernels {
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    /** As many bytes as there are lanes; there is no vector of four. */
    private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(Math.max(64, 8 * L)));
    private static final int LEAST_BYTES = 8;
    private static final ScalarPools PLAIN = new ScalarPools();

    /** The kernels keep no state. */
    public VectorPools() {
    }

    @Override
    public void max(Blocks b, long x, int place, int width, long y, long argument) {
        int channels = b.channels();
        int inVectors = L < LEAST_BYTES || b.step() != 1 ? 0 : inVectors(b.count(), channels);
        for (int i = 0; i < inVectors; i++) {
            long from = x + 4 * i * b.blockStep() * channels;
            long to = (long) i * channels;
            for (int c = 0; c < channels; c += L) {
                int lane = Math.max(0, Math.min(c, channels - L));
                maxOfBlock(from + 4L * lane, 4 * b.line() * channels, 4L * channels, b.rows(), b.columns(), place,
                        width, y + 4 * (to + lane), argument + to + lane);
            }
        }
        if (inVectors < b.count()) {
            PLAIN.max(b.from(inVectors), x + 4 * inVectors * b.blockStep() * channels, place, width,
                    y + 4 * inVectors * b.step() * channels, argument + inVectors * b.step() * channels);
        }
    }

    /**
     * How many of the first pixels can be done in whole vectors. Where a pixel does not fill one, it spills over into
     * the pixels after it, which are written later; the last ones have to be left.
     */
    private static int inVectors(int count, int channels) {
        return channels >= L ? count : Math.max(0, count - Math.ceilDiv(L, channels));
    }

    private static void maxOfBlock(long x, long line, long pixel, int rows, int columns, int place, int width, long y,
            long argument) {
        FloatVector best = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER);
        IntVector found = IntVector.broadcast(VectorWidth.INTS, place);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                FloatVector value = FloatVector.fromMemorySegment(LANES, ALL, x + row * line + column * pixel,
                        ORDER);
                VectorMask<Float> more = best.compare(VectorOperators.GE, value).not()
                        .and(best.compare(VectorOperators.EQ, best));
                best = best.blend(value, more);
                found = found.blend(place + row * width + column, more.cast(VectorWidth.INTS));
            }
        }
        best.intoMemorySegment(ALL, y, ORDER);
        ((ByteVector) found.convertShape(VectorOperators.I2B, BYTES, 0)).intoMemorySegment(ALL, argument,
                ORDER);
    }

    @Override
    public void spread(int count, int columns, int channels, long dy, long argument, int place, long dx) {
        int inVectors = L < LEAST_BYTES ? 0 : inVectors(count, channels);
        for (int i = 0; i < inVectors; i++) {
            long from = (long) i * channels;
            for (int c = 0; c < channels; c += L) {
                int lane = Math.max(0, Math.min(c, channels - L));
                spreadOne(dy + 4 * (from + lane), argument + from + lane, place, columns, 4L * channels,
                        dx + 4 * (from * columns + lane));
            }
        }
        if (inVectors < count) {
            long from = (long) inVectors * channels;
            PLAIN.spread(count - inVectors, columns, channels, dy + 4 * from, argument + from, place,
                    dx + 4 * from * columns);
        }
    }

    private static void spreadOne(long dy, long argument, int place, int columns, long pixel, long dx) {
        FloatVector zero = FloatVector.zero(LANES);
        FloatVector gradient = FloatVector.fromMemorySegment(LANES, ALL, dy, ORDER);
        IntVector places = (IntVector) ByteVector.fromMemorySegment(BYTES, ALL, argument, ORDER)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, VectorWidth.INTS, 0);
        for (int column = 0; column < columns; column++) {
            VectorMask<Float> here = places.compare(VectorOperators.EQ, place + column).cast(LANES);
            zero.blend(gradient, here).intoMemorySegment(ALL, dx + column * pixel, ORDER);
        }
    }

    @Override
    public void maxGradient(Blocks b, long dy, long argument, int place, int rowStep, int columnStep, long dx) {
        if (b.channels() < L || L < LEAST_BYTES) {
            PLAIN.maxGradient(b, dy, argument, place, rowStep, columnStep, dx);
            return;
        }
        int channels = b.channels();
        for (int i = 0; i < b.count(); i++) {
            long block = i * b.blockStep() * channels;
            long to = dx + 4 * i * b.step() * channels;
            for (int c = 0; c < channels; c += L) {
                int lane = Math.min(c, channels - L);
                gather(dy + 4 * (block + lane), argument + block + lane, b.line() * channels, channels, b.rows(),
                        b.columns(), place, rowStep, columnStep, to + 4L * lane);
            }
        }
    }

    private static void gather(long dy, long argument, long line, long pixel, int rows, int columns, int place,
            int rowStep, int columnStep, long dx) {
        FloatVector sum = FloatVector.broadcast(LANES, 0);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                long from = row * line + column * pixel;
                IntVector places = (IntVector) ByteVector
                        .fromMemorySegment(BYTES, ALL, argument + from, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, VectorWidth.INTS, 0);
                VectorMask<Float> here = places
                        .compare(VectorOperators.EQ, place - row * rowStep - column * columnStep).cast(LANES);
                sum = sum.add(FloatVector.broadcast(LANES, 0)
                        .blend(FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * from, ORDER), here));
            }
        }
        sum.intoMemorySegment(ALL, dx, ORDER);
    }

    @Override
    public void sum(Blocks b, long from, float share, long to) {
        if (b.channels() < L) {
            PLAIN.sum(b, from, share, to);
            return;
        }
        int channels = b.channels();
        for (int i = 0; i < b.count(); i++) {
            long block = from + 4 * i * b.blockStep() * channels;
            long target = to + 4 * i * b.step() * channels;
            for (int c = 0; c < channels; c += L) {
                int lane = Math.min(c, channels - L);
                sumOfBlock(block + 4L * lane, 4 * b.line() * channels, 4L * channels, b.rows(), b.columns(), share,
                        target + 4L * lane);
            }
        }
    }

    private static void sumOfBlock(long from, long line, long pixel, int rows, int columns, float share, long to) {
        FloatVector total = FloatVector.broadcast(LANES, 0);
        for (int row = 0; row < rows; row++) {
            FloatVector sum = FloatVector.broadcast(LANES, 0);
            for (int column = 0; column < columns; column++) {
                sum = sum.add(FloatVector.fromMemorySegment(LANES, ALL, from + row * line + column * pixel, ORDER));
            }
            total = total.add(sum);
        }
        total.mul(share).intoMemorySegment(ALL, to, ORDER);
    }
}
