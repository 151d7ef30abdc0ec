package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.DepthwiseKernels;
import dev.halcyon.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Depthwise convolutions in vectors: a lane is a channel. Where outputs see three by three neighbours, these stay in
 * registers along a row; otherwise a few outputs share every tap that is read. What does not fill the last vector or
 * the last few outputs is computed together with some before it once more, to the same bits. Written out for the
 * reasons given at {@link VectorTiles}.
 */
public final class VectorDepthwise implements DepthwiseKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    /** Outputs that are computed together. */
    private static final int BLOCK = 4;

    /** The kernels keep no state. */
    public VectorDepthwise() {
    }

    @Override
    public void forward(Taps taps, int channels, long start, long y, long yStep) {
        int outputs = taps.outputs();
        int last = Math.max(0, channels - L);
        if (taps.areThreeByThree()) {
            for (int c = 0; c < channels; c += L) {
                long at = 4L * Math.min(c, last);
                if (taps.areNeighbours()) {
                    neighbours(taps.list(), taps.step(), outputs, at, start + at, y + at, yStep);
                } else {
                    threeByThree(taps.list(), taps.tapStep(), taps.step(), outputs, at, start + at, y + at, yStep);
                }
            }
            return;
        }
        long end = taps.list() + (long) taps.count() * PAIR;
        for (int i = 0; i < outputs; i += outputs < BLOCK ? 1 : BLOCK) {
            long first = outputs < BLOCK ? i : Math.min(i, outputs - BLOCK);
            for (int c = 0; c < channels; c += L) {
                long at = 4L * Math.min(c, last);
                long from = first * taps.step() + at;
                long to = y + first * yStep + at;
                if (outputs < BLOCK) {
                    oneOutput(taps.list(), end, from, at, start + at, to);
                } else {
                    fourOutputs(taps.list(), end, from, taps.step(), at, start + at, to, yStep);
                }
            }
        }
    }

    /** Three by three pixels stay in registers: every output brings a column of new ones. */
    private static void neighbours(long taps, long step, int outputs, long at, long start, long y, long yStep) {
        long list = Memory.at(taps);
        FloatVector w0 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 8) + at), ORDER);
        FloatVector w1 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 1 * PAIR + 8) + at), ORDER);
        FloatVector w2 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 2 * PAIR + 8) + at), ORDER);
        FloatVector w3 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 3 * PAIR + 8) + at), ORDER);
        FloatVector w4 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 4 * PAIR + 8) + at), ORDER);
        FloatVector w5 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 5 * PAIR + 8) + at), ORDER);
        FloatVector w6 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 6 * PAIR + 8) + at), ORDER);
        FloatVector w7 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 7 * PAIR + 8) + at), ORDER);
        FloatVector w8 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 8 * PAIR + 8) + at), ORDER);
        FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        long target = Memory.at(y);
        long ahead = Memory.ahead(step);
        long toNext = Memory.ahead(yStep);
        long upper = Memory.at(ALL.get(LONG, list) + at);
        long middle = Memory.at(ALL.get(LONG, list + SIDE * PAIR) + at);
        long lower = Memory.at(ALL.get(LONG, list + 2 * SIDE * PAIR) + at);
        FloatVector a0 = FloatVector.fromMemorySegment(LANES, ALL, upper, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(LANES, ALL, upper + ahead, ORDER);
        FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, middle, ORDER);
        FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, middle + ahead, ORDER);
        FloatVector c0 = FloatVector.fromMemorySegment(LANES, ALL, lower, ORDER);
        FloatVector c1 = FloatVector.fromMemorySegment(LANES, ALL, lower + ahead, ORDER);
        for (int i = 0; i < outputs; i++) {
            FloatVector a2 = FloatVector.fromMemorySegment(LANES, ALL, upper + (i + 2) * ahead, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(LANES, ALL, middle + (i + 2) * ahead, ORDER);
            FloatVector c2 = FloatVector.fromMemorySegment(LANES, ALL, lower + (i + 2) * ahead, ORDER);
            FloatVector sum = a2.fma(w2, a1.fma(w1, a0.fma(w0, first)));
            sum = b2.fma(w5, b1.fma(w4, b0.fma(w3, sum)));
            sum = c2.fma(w8, c1.fma(w7, c0.fma(w6, sum)));
            sum.intoMemorySegment(ALL, target + i * toNext, ORDER);
            a0 = a1;
            b0 = b1;
            c0 = c1;
            a1 = a2;
            b1 = b2;
            c1 = c2;
        }
    }

    /** Three by three taps stay in registers. */
    private static void threeByThree(long taps, long tapStep, long step, int outputs, long at, long start, long y,
            long yStep) {
        long list = Memory.at(taps);
        FloatVector w0 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 8) + at), ORDER);
        FloatVector w1 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + PAIR + 8) + at), ORDER);
        FloatVector w2 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 2 * PAIR + 8) + at), ORDER);
        FloatVector w3 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 3 * PAIR + 8) + at), ORDER);
        FloatVector w4 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 4 * PAIR + 8) + at), ORDER);
        FloatVector w5 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 5 * PAIR + 8) + at), ORDER);
        FloatVector w6 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 6 * PAIR + 8) + at), ORDER);
        FloatVector w7 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 7 * PAIR + 8) + at), ORDER);
        FloatVector w8 =
                FloatVector.fromMemorySegment(LANES, ALL, Memory.at(ALL.get(LONG, list + 8 * PAIR + 8) + at), ORDER);
        FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        long target = Memory.at(y);
        long toNext = Memory.ahead(yStep);
        long upper = Memory.at(ALL.get(LONG, list) + at);
        long middle = Memory.at(ALL.get(LONG, list + SIDE * PAIR) + at);
        long lower = Memory.at(ALL.get(LONG, list + 2 * SIDE * PAIR) + at);
        long right = Memory.ahead(tapStep);
        long ahead = Memory.ahead(step);
        for (int i = 0; i < outputs; i++) {
            long a = upper + i * ahead;
            long b = middle + i * ahead;
            long c = lower + i * ahead;
            FloatVector sum = FloatVector.fromMemorySegment(LANES, ALL, a, ORDER).fma(w0, first);
            sum = FloatVector.fromMemorySegment(LANES, ALL, a + right, ORDER).fma(w1, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, a + 2 * right, ORDER).fma(w2, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, b, ORDER).fma(w3, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, b + right, ORDER).fma(w4, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, b + 2 * right, ORDER).fma(w5, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, c, ORDER).fma(w6, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, c + right, ORDER).fma(w7, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, c + 2 * right, ORDER).fma(w8, sum);
            sum.intoMemorySegment(ALL, target + i * toNext, ORDER);
        }
    }

    /** The loop over the list is one that the compiler does not divide into three: it has few rounds. */
    private static void fourOutputs(long taps, long end, long from, long step, long at, long start, long y,
            long yStep) {
        FloatVector s0 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        long ahead = Memory.ahead(step);
        for (long tap = taps; tap != end; tap += PAIR) {
            long x = Memory.at(ALL.get(LONG, Memory.at(tap)) + from);
            long w = Memory.at(ALL.get(LONG, Memory.at(tap) + 8) + at);
            FloatVector weight = FloatVector.fromMemorySegment(LANES, ALL, w, ORDER);
            s0 = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER).fma(weight, s0);
            s1 = FloatVector.fromMemorySegment(LANES, ALL, x + ahead, ORDER).fma(weight, s1);
            s2 = FloatVector.fromMemorySegment(LANES, ALL, x + 2 * ahead, ORDER).fma(weight, s2);
            s3 = FloatVector.fromMemorySegment(LANES, ALL, x + 3 * ahead, ORDER).fma(weight, s3);
        }
        s0.intoMemorySegment(ALL, y, ORDER);
        s1.intoMemorySegment(ALL, y + yStep, ORDER);
        s2.intoMemorySegment(ALL, y + 2 * yStep, ORDER);
        s3.intoMemorySegment(ALL, y + 3 * yStep, ORDER);
    }

    private static void oneOutput(long taps, long end, long from, long at, long start, long y) {
        FloatVector sum = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        for (long tap = taps; tap != end; tap += PAIR) {
            long x = Memory.at(ALL.get(LONG, Memory.at(tap)) + from);
            long w = Memory.at(ALL.get(LONG, Memory.at(tap) + 8) + at);
            sum = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER)
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, w, ORDER), sum);
        }
        sum.intoMemorySegment(ALL, y, ORDER);
    }

    @Override
    public void weightGradient(Taps taps, int channels, long dy, long dyStep) {
        if (taps.areThreeByThree()) {
            for (long at = 0; at < 4L * channels; at += 4L * L) {
                if (taps.areNeighbours()) {
                    neighbourGradients(taps.list(), taps.step(), taps.outputs(), at, dy + at, dyStep);
                } else {
                    gradientsOfNine(taps.list(), taps.tapStep(), taps.step(), taps.outputs(), at, dy + at, dyStep);
                }
            }
            return;
        }
        long end = taps.list() + (long) taps.count() * PAIR;
        int i = 0;
        for (; i + BLOCK <= taps.outputs(); i += BLOCK) {
            for (long at = 0; at < 4L * channels; at += 4L * L) {
                fourGradients(taps.list(), end, i * taps.step() + at, taps.step(), at, dy + i * dyStep + at, dyStep);
            }
        }
        for (; i < taps.outputs(); i++) {
            for (long at = 0; at < 4L * channels; at += 4L * L) {
                oneGradient(taps.list(), end, i * taps.step() + at, at, dy + i * dyStep + at);
            }
        }
    }

    private static void neighbourGradients(long taps, long step, int outputs, long at, long dy, long dyStep) {
        long list = Memory.at(taps);
        long upperSums = Memory.at(ALL.get(LONG, list + 8) + at);
        long middleSums = Memory.at(ALL.get(LONG, list + SIDE * PAIR + 8) + at);
        long lowerSums = Memory.at(ALL.get(LONG, list + 2 * SIDE * PAIR + 8) + at);
        long toSum = Memory.ahead(ALL.get(LONG, list + PAIR + 8) - ALL.get(LONG, list + 8));
        FloatVector s0 = FloatVector.fromMemorySegment(LANES, ALL, upperSums, ORDER);
        FloatVector s1 = FloatVector.fromMemorySegment(LANES, ALL, upperSums + toSum, ORDER);
        FloatVector s2 = FloatVector.fromMemorySegment(LANES, ALL, upperSums + 2 * toSum, ORDER);
        FloatVector s3 = FloatVector.fromMemorySegment(LANES, ALL, middleSums, ORDER);
        FloatVector s4 = FloatVector.fromMemorySegment(LANES, ALL, middleSums + toSum, ORDER);
        FloatVector s5 = FloatVector.fromMemorySegment(LANES, ALL, middleSums + 2 * toSum, ORDER);
        FloatVector s6 = FloatVector.fromMemorySegment(LANES, ALL, lowerSums, ORDER);
        FloatVector s7 = FloatVector.fromMemorySegment(LANES, ALL, lowerSums + toSum, ORDER);
        FloatVector s8 = FloatVector.fromMemorySegment(LANES, ALL, lowerSums + 2 * toSum, ORDER);
        long gradients = Memory.at(dy);
        long ahead = Memory.ahead(step);
        long toNext = Memory.ahead(dyStep);
        long upper = Memory.at(ALL.get(LONG, list) + at);
        long middle = Memory.at(ALL.get(LONG, list + SIDE * PAIR) + at);
        long lower = Memory.at(ALL.get(LONG, list + 2 * SIDE * PAIR) + at);
        FloatVector a0 = FloatVector.fromMemorySegment(LANES, ALL, upper, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(LANES, ALL, upper + ahead, ORDER);
        FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, middle, ORDER);
        FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, middle + ahead, ORDER);
        FloatVector c0 = FloatVector.fromMemorySegment(LANES, ALL, lower, ORDER);
        FloatVector c1 = FloatVector.fromMemorySegment(LANES, ALL, lower + ahead, ORDER);
        for (int i = 0; i < outputs; i++) {
            FloatVector g = FloatVector.fromMemorySegment(LANES, ALL, gradients + i * toNext, ORDER);
            FloatVector a2 = FloatVector.fromMemorySegment(LANES, ALL, upper + (i + 2) * ahead, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(LANES, ALL, middle + (i + 2) * ahead, ORDER);
            FloatVector c2 = FloatVector.fromMemorySegment(LANES, ALL, lower + (i + 2) * ahead, ORDER);
            s0 = a0.fma(g, s0);
            s1 = a1.fma(g, s1);
            s2 = a2.fma(g, s2);
            s3 = b0.fma(g, s3);
            s4 = b1.fma(g, s4);
            s5 = b2.fma(g, s5);
            s6 = c0.fma(g, s6);
            s7 = c1.fma(g, s7);
            s8 = c2.fma(g, s8);
            a0 = a1;
            b0 = b1;
            c0 = c1;
            a1 = a2;
            b1 = b2;
            c1 = c2;
        }
        s0.intoMemorySegment(ALL, upperSums, ORDER);
        s1.intoMemorySegment(ALL, upperSums + toSum, ORDER);
        s2.intoMemorySegment(ALL, upperSums + 2 * toSum, ORDER);
        s3.intoMemorySegment(ALL, middleSums, ORDER);
        s4.intoMemorySegment(ALL, middleSums + toSum, ORDER);
        s5.intoMemorySegment(ALL, middleSums + 2 * toSum, ORDER);
        s6.intoMemorySegment(ALL, lowerSums, ORDER);
        s7.intoMemorySegment(ALL, lowerSums + toSum, ORDER);
        s8.intoMemorySegment(ALL, lowerSums + 2 * toSum, ORDER);
    }

    private static void gradientsOfNine(long taps, long tapStep, long step, int outputs, long at, long dy,
            long dyStep) {
        long list = Memory.at(taps);
        long upperSums = Memory.at(ALL.get(LONG, list + 8) + at);
        long middleSums = Memory.at(ALL.get(LONG, list + SIDE * PAIR + 8) + at);
        long lowerSums = Memory.at(ALL.get(LONG, list + 2 * SIDE * PAIR + 8) + at);
        long toSum = Memory.ahead(ALL.get(LONG, list + PAIR + 8) - ALL.get(LONG, list + 8));
        FloatVector s0 = FloatVector.fromMemorySegment(LANES, ALL, upperSums, ORDER);
        FloatVector s1 = FloatVector.fromMemorySegment(LANES, ALL, upperSums + toSum, ORDER);
        FloatVector s2 = FloatVector.fromMemorySegment(LANES, ALL, upperSums + 2 * toSum, ORDER);
        FloatVector s3 = FloatVector.fromMemorySegment(LANES, ALL, middleSums, ORDER);
        FloatVector s4 = FloatVector.fromMemorySegment(LANES, ALL, middleSums + toSum, ORDER);
        FloatVector s5 = FloatVector.fromMemorySegment(LANES, ALL, middleSums + 2 * toSum, ORDER);
        FloatVector s6 = FloatVector.fromMemorySegment(LANES, ALL, lowerSums, ORDER);
        FloatVector s7 = FloatVector.fromMemorySegment(LANES, ALL, lowerSums + toSum, ORDER);
        FloatVector s8 = FloatVector.fromMemorySegment(LANES, ALL, lowerSums + 2 * toSum, ORDER);
        long gradients = Memory.at(dy);
        long toNext = Memory.ahead(dyStep);
        long upper = Memory.at(ALL.get(LONG, list) + at);
        long middle = Memory.at(ALL.get(LONG, list + SIDE * PAIR) + at);
        long lower = Memory.at(ALL.get(LONG, list + 2 * SIDE * PAIR) + at);
        long right = Memory.ahead(tapStep);
        long ahead = Memory.ahead(step);
        for (int i = 0; i < outputs; i++) {
            FloatVector g = FloatVector.fromMemorySegment(LANES, ALL, gradients + i * toNext, ORDER);
            long a = upper + i * ahead;
            long b = middle + i * ahead;
            long c = lower + i * ahead;
            s0 = FloatVector.fromMemorySegment(LANES, ALL, a, ORDER).fma(g, s0);
            s1 = FloatVector.fromMemorySegment(LANES, ALL, a + right, ORDER).fma(g, s1);
            s2 = FloatVector.fromMemorySegment(LANES, ALL, a + 2 * right, ORDER).fma(g, s2);
            s3 = FloatVector.fromMemorySegment(LANES, ALL, b, ORDER).fma(g, s3);
            s4 = FloatVector.fromMemorySegment(LANES, ALL, b + right, ORDER).fma(g, s4);
            s5 = FloatVector.fromMemorySegment(LANES, ALL, b + 2 * right, ORDER).fma(g, s5);
            s6 = FloatVector.fromMemorySegment(LANES, ALL, c, ORDER).fma(g, s6);
            s7 = FloatVector.fromMemorySegment(LANES, ALL, c + right, ORDER).fma(g, s7);
            s8 = FloatVector.fromMemorySegment(LANES, ALL, c + 2 * right, ORDER).fma(g, s8);
        }
        s0.intoMemorySegment(ALL, upperSums, ORDER);
        s1.intoMemorySegment(ALL, upperSums + toSum, ORDER);
        s2.intoMemorySegment(ALL, upperSums + 2 * toSum, ORDER);
        s3.intoMemorySegment(ALL, middleSums, ORDER);
        s4.intoMemorySegment(ALL, middleSums + toSum, ORDER);
        s5.intoMemorySegment(ALL, middleSums + 2 * toSum, ORDER);
        s6.intoMemorySegment(ALL, lowerSums, ORDER);
        s7.intoMemorySegment(ALL, lowerSums + toSum, ORDER);
        s8.intoMemorySegment(ALL, lowerSums + 2 * toSum, ORDER);
    }

    private static void fourGradients(long taps, long end, long from, long step, long at, long dy, long dyStep) {
        FloatVector g0 = FloatVector.fromMemorySegment(LANES, ALL, dy, ORDER);
        FloatVector g1 = FloatVector.fromMemorySegment(LANES, ALL, dy + dyStep, ORDER);
        FloatVector g2 = FloatVector.fromMemorySegment(LANES, ALL, dy + 2 * dyStep, ORDER);
        FloatVector g3 = FloatVector.fromMemorySegment(LANES, ALL, dy + 3 * dyStep, ORDER);
        long ahead = Memory.ahead(step);
        for (long tap = taps; tap != end; tap += PAIR) {
            long x = Memory.at(ALL.get(LONG, Memory.at(tap)) + from);
            long target = Memory.at(ALL.get(LONG, Memory.at(tap) + 8) + at);
            FloatVector sum = FloatVector.fromMemorySegment(LANES, ALL, target, ORDER);
            sum = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER).fma(g0, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, x + ahead, ORDER).fma(g1, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, x + 2 * ahead, ORDER).fma(g2, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, x + 3 * ahead, ORDER).fma(g3, sum);
            sum.intoMemorySegment(ALL, target, ORDER);
        }
    }

    private static void oneGradient(long taps, long end, long from, long at, long dy) {
        FloatVector g = FloatVector.fromMemorySegment(LANES, ALL, dy, ORDER);
        for (long tap = taps; tap != end; tap += PAIR) {
            long x = Memory.at(ALL.get(LONG, Memory.at(tap)) + from);
            long target = Memory.at(ALL.get(LONG, Memory.at(tap) + 8) + at);
            FloatVector.fromMemorySegment(LANES, ALL, x, ORDER)
                    .fma(g, FloatVector.fromMemorySegment(LANES, ALL, target, ORDER))
                    .intoMemorySegment(ALL, target, ORDER);
        }
    }
}
