package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.DepthwiseKernels;
import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.ScalarDepthwise;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Depthwise convolutions in vectors: a lane is a channel, and the nine taps stay in registers along a row of pixels.
 * Channels that fill no vector are computed together with some before them once more, to the same bits. Written out for the reasons given at {@link VectorTiles}.
 */
public final class VectorDepthwise implements DepthwiseKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final DepthwiseKernels PLAIN = new ScalarDepthwise();

    /** The kernels keep no state. */
    public VectorDepthwise() {
    }

    @Override
    public void forward(Window x, int channels, long w, long wStep, long y, long yStep) {
        if (channels < L) {
            PLAIN.forward(x, channels, w, wStep, y, yStep);
            return;
        }
        for (int c = 0; c < channels; c += L) {
            long at = 4L * Math.min(c, channels - L);
            forwardLanes(x.upper() + at, x.middle() + at, x.lower() + at, x.tapStep(), x.step(), x.count(), w + at,
                    wStep, y + at, yStep);
        }
    }

    private static void forwardLanes(long upper, long middle, long lower, long tapStep, long step, int count, long w,
            long wStep, long y, long yStep) {
        FloatVector w0 = FloatVector.fromMemorySegment(LANES, ALL, w, ORDER);
        FloatVector w1 = FloatVector.fromMemorySegment(LANES, ALL, w + wStep, ORDER);
        FloatVector w2 = FloatVector.fromMemorySegment(LANES, ALL, w + 2 * wStep, ORDER);
        FloatVector w3 = FloatVector.fromMemorySegment(LANES, ALL, w + 3 * wStep, ORDER);
        FloatVector w4 = FloatVector.fromMemorySegment(LANES, ALL, w + 4 * wStep, ORDER);
        FloatVector w5 = FloatVector.fromMemorySegment(LANES, ALL, w + 5 * wStep, ORDER);
        FloatVector w6 = FloatVector.fromMemorySegment(LANES, ALL, w + 6 * wStep, ORDER);
        FloatVector w7 = FloatVector.fromMemorySegment(LANES, ALL, w + 7 * wStep, ORDER);
        FloatVector w8 = FloatVector.fromMemorySegment(LANES, ALL, w + 8 * wStep, ORDER);
        for (int i = 0; i < count; i++) {
            long a = upper + i * step;
            long b = middle + i * step;
            long c = lower + i * step;
            FloatVector sum = FloatVector.fromMemorySegment(LANES, ALL, a, ORDER).mul(w0);
            sum = FloatVector.fromMemorySegment(LANES, ALL, a + tapStep, ORDER).fma(w1, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, a + 2 * tapStep, ORDER).fma(w2, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, b, ORDER).fma(w3, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, b + tapStep, ORDER).fma(w4, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, b + 2 * tapStep, ORDER).fma(w5, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, c, ORDER).fma(w6, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, c + tapStep, ORDER).fma(w7, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, c + 2 * tapStep, ORDER).fma(w8, sum);
            sum.intoMemorySegment(ALL, y + i * yStep, ORDER);
        }
    }

    @Override
    public void forward(long taps, int count, long step, int outputs, int channels, long w, long wStep, long y,
            long yStep) {
        if (channels < L) {
            PLAIN.forward(taps, count, step, outputs, channels, w, wStep, y, yStep);
            return;
        }
        for (int c = 0; c < channels; c += L) {
            long at = 4L * Math.min(c, channels - L);
            int i = 0;
            for (; i + 4 <= outputs; i += 4) {
                fourOutputs(taps, count, i * step + at, step, w + at, wStep, y + i * yStep + at, yStep);
            }
            for (; i < outputs; i++) {
                oneOutput(taps, count, i * step + at, w + at, wStep, y + i * yStep + at);
            }
        }
    }

    private static void fourOutputs(long taps, int count, long at, long step, long w, long wStep, long y, long yStep) {
        FloatVector s0 = FloatVector.zero(LANES);
        FloatVector s1 = FloatVector.zero(LANES);
        FloatVector s2 = FloatVector.zero(LANES);
        FloatVector s3 = FloatVector.zero(LANES);
        for (int tap = 0; tap < count; tap++) {
            long x = ALL.get(LONG, taps + 8L * tap) + at;
            FloatVector v = FloatVector.fromMemorySegment(LANES, ALL, w + tap * wStep, ORDER);
            s0 = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER).fma(v, s0);
            s1 = FloatVector.fromMemorySegment(LANES, ALL, x + step, ORDER).fma(v, s1);
            s2 = FloatVector.fromMemorySegment(LANES, ALL, x + 2 * step, ORDER).fma(v, s2);
            s3 = FloatVector.fromMemorySegment(LANES, ALL, x + 3 * step, ORDER).fma(v, s3);
        }
        s0.intoMemorySegment(ALL, y, ORDER);
        s1.intoMemorySegment(ALL, y + yStep, ORDER);
        s2.intoMemorySegment(ALL, y + 2 * yStep, ORDER);
        s3.intoMemorySegment(ALL, y + 3 * yStep, ORDER);
    }

    private static void oneOutput(long taps, int count, long at, long w, long wStep, long y) {
        FloatVector sum = FloatVector.zero(LANES);
        for (int tap = 0; tap < count; tap++) {
            long x = ALL.get(LONG, taps + 8L * tap) + at;
            FloatVector v = FloatVector.fromMemorySegment(LANES, ALL, w + tap * wStep, ORDER);
            sum = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER).fma(v, sum);
        }
        sum.intoMemorySegment(ALL, y, ORDER);
    }

    @Override
    public void weightGradient(Window x, int channels, long dy, long dyStep, long sums, long sumStep) {
        if (channels < L) {
            PLAIN.weightGradient(x, channels, dy, dyStep, sums, sumStep);
            return;
        }
        int whole = channels - channels % L;
        for (int c = 0; c < whole; c += L) {
            long at = 4L * c;
            gradientLanes(x.upper() + at, x.middle() + at, x.lower() + at, x.tapStep(), x.step(), x.count(), dy + at,
                    dyStep, sums + at, sumStep);
        }
        if (whole < channels) {
            lastGradients(x, channels, dy, dyStep, sums, sumStep);
        }
    }

    /** The last vector's sums are kept aside, since some of its channels have had their turn. */
    private static void lastGradients(Window x, int channels, long dy, long dyStep, long sums, long sumStep) {
        int rest = channels % L;
        long aside = Temporary.address();
        for (int tap = 0; tap < TAPS * TAPS; tap++) {
            Memory.copy(sums + tap * sumStep + 4L * (channels - rest), aside + 4L * (tap * L + L - rest), 4L * rest);
        }
        long at = 4L * (channels - L);
        gradientLanes(x.upper() + at, x.middle() + at, x.lower() + at, x.tapStep(), x.step(), x.count(), dy + at,
                dyStep, aside, 4L * L);
        for (int tap = 0; tap < TAPS * TAPS; tap++) {
            Memory.copy(aside + 4L * (tap * L + L - rest), sums + tap * sumStep + 4L * (channels - rest), 4L * rest);
        }
    }

    private static void gradientLanes(long upper, long middle, long lower, long tapStep, long step, int count, long dy,
            long dyStep, long sums, long sumStep) {
        FloatVector s0 = FloatVector.fromMemorySegment(LANES, ALL, sums, ORDER);
        FloatVector s1 = FloatVector.fromMemorySegment(LANES, ALL, sums + sumStep, ORDER);
        FloatVector s2 = FloatVector.fromMemorySegment(LANES, ALL, sums + 2 * sumStep, ORDER);
        FloatVector s3 = FloatVector.fromMemorySegment(LANES, ALL, sums + 3 * sumStep, ORDER);
        FloatVector s4 = FloatVector.fromMemorySegment(LANES, ALL, sums + 4 * sumStep, ORDER);
        FloatVector s5 = FloatVector.fromMemorySegment(LANES, ALL, sums + 5 * sumStep, ORDER);
        FloatVector s6 = FloatVector.fromMemorySegment(LANES, ALL, sums + 6 * sumStep, ORDER);
        FloatVector s7 = FloatVector.fromMemorySegment(LANES, ALL, sums + 7 * sumStep, ORDER);
        FloatVector s8 = FloatVector.fromMemorySegment(LANES, ALL, sums + 8 * sumStep, ORDER);
        for (int i = 0; i < count; i++) {
            FloatVector g = FloatVector.fromMemorySegment(LANES, ALL, dy + i * dyStep, ORDER);
            long a = upper + i * step;
            long b = middle + i * step;
            long c = lower + i * step;
            s0 = FloatVector.fromMemorySegment(LANES, ALL, a, ORDER).fma(g, s0);
            s1 = FloatVector.fromMemorySegment(LANES, ALL, a + tapStep, ORDER).fma(g, s1);
            s2 = FloatVector.fromMemorySegment(LANES, ALL, a + 2 * tapStep, ORDER).fma(g, s2);
            s3 = FloatVector.fromMemorySegment(LANES, ALL, b, ORDER).fma(g, s3);
            s4 = FloatVector.fromMemorySegment(LANES, ALL, b + tapStep, ORDER).fma(g, s4);
            s5 = FloatVector.fromMemorySegment(LANES, ALL, b + 2 * tapStep, ORDER).fma(g, s5);
            s6 = FloatVector.fromMemorySegment(LANES, ALL, c, ORDER).fma(g, s6);
            s7 = FloatVector.fromMemorySegment(LANES, ALL, c + tapStep, ORDER).fma(g, s7);
            s8 = FloatVector.fromMemorySegment(LANES, ALL, c + 2 * tapStep, ORDER).fma(g, s8);
        }
        s0.intoMemorySegment(ALL, sums, ORDER);
        s1.intoMemorySegment(ALL, sums + sumStep, ORDER);
        s2.intoMemorySegment(ALL, sums + 2 * sumStep, ORDER);
        s3.intoMemorySegment(ALL, sums + 3 * sumStep, ORDER);
        s4.intoMemorySegment(ALL, sums + 4 * sumStep, ORDER);
        s5.intoMemorySegment(ALL, sums + 5 * sumStep, ORDER);
        s6.intoMemorySegment(ALL, sums + 6 * sumStep, ORDER);
        s7.intoMemorySegment(ALL, sums + 7 * sumStep, ORDER);
        s8.intoMemorySegment(ALL, sums + 8 * sumStep, ORDER);
    }
}
