package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.DepthwiseKernels;
import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.ScalarDepthwise;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Depthwise convolutions in vectors: a lane is a channel, and the nine taps stay in registers along a row of pixels.
 * Channels that fill no vector go to the plain loops. Written out for the reasons given at {@link VectorTiles}.
 */
public final class VectorDepthwise implements DepthwiseKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final DepthwiseKernels PLAIN = new ScalarDepthwise();

    /** The kernels keep no state. */
    public VectorDepthwise() {
    }

    @Override
    public void forward(Window x, int channels, long w, long wStep, long y, long yStep) {
        int whole = channels - channels % L;
        for (int c = 0; c < whole; c += L) {
            long at = 4L * c;
            forwardLanes(x.upper() + at, x.middle() + at, x.lower() + at, x.tapStep(), x.step(), x.count(), w + at,
                    wStep,
                    y + at, yStep);
        }
        if (whole < channels) {
            PLAIN.forward(x.channel(whole), channels - whole, w + 4L * whole, wStep, y + 4L * whole, yStep);
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
    public void weightGradient(Window x, int channels, long dy, long dyStep, long sums, long sumStep) {
        int whole = channels - channels % L;
        for (int c = 0; c < whole; c += L) {
            long at = 4L * c;
            gradientLanes(x.upper() + at, x.middle() + at, x.lower() + at, x.tapStep(), x.step(), x.count(), dy + at,
                    dyStep, sums + at, sumStep);
        }
        if (whole < channels) {
            PLAIN.weightGradient(x.channel(whole), channels - whole, dy + 4L * whole, dyStep, sums + 4L * whole,
                    sumStep);
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
