package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.DepthwiseKernels;
import dev.halcyon.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Depthwise convolutions in vectors: a lane is a channel. The taps of the usual kernels stay in registers along a row;
 * otherwise a few outputs share every tap that is read. Pixels that neighbours share are read once. What
 * does not fill the last vector or the last few outputs is computed together with some before it once more, to the same
 * bits. Written out for the reasons given at {@link VectorTiles}.
 */
public final class VectorDepthwise implements DepthwiseKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    /** Outputs that are computed together. */
    private static final int BLOCK = 4;

    /** The kernels keep no state. */
    public VectorDepthwise() {
    }

    @Override
    public void forward(Taps taps, int channels, long start, long y, long yStep) {
        int outputs = taps.outputs();
        int last = Math.max(0, channels - L);
        if (stayInRegisters(taps)) {
            for (int c = 0; c < channels; c += L) {
                long at = 4L * Math.min(c, last);
                alongRow(taps, at, start + at, y + at, yStep);
            }
            return;
        }
        for (int i = 0; i < outputs; i += outputs < BLOCK ? 1 : BLOCK) {
            long first = outputs < BLOCK ? i : Math.min(i, outputs - BLOCK);
            for (int c = 0; c < channels; c += L) {
                long at = 4L * Math.min(c, last);
                long from = first * taps.step() + at;
                long to = y + first * yStep + at;
                if (outputs < BLOCK) {
                    oneOutput(taps, from, at, start + at, to);
                } else if (taps.areNeighbours()) {
                    fourNeighbours(taps, from, at, start + at, to, yStep);
                } else {
                    fourOutputs(taps, from, at, start + at, to, yStep);
                }
            }
        }
    }

    /** The usual kernel, and what a stride of two leaves of it to the gradient of the input. */
    private static boolean stayInRegisters(Taps taps) {
        return taps.are(3, 3) || taps.are(2, 2) || taps.are(1, 2) || taps.are(2, 1) || taps.are(1, 1);
    }

    private static void alongRow(Taps taps, long at, long start, long y, long yStep) {
        if (taps.rows() == 3) {
            if (taps.areNeighbours()) {
                neighbours(taps, at, start, y, yStep);
            } else {
                threeByThree(taps, at, start, y, yStep);
            }
        } else if (taps.are(2, 2)) {
            twoByTwo(taps, at, start, y, yStep);
        } else if (taps.are(1, 1)) {
            oneTap(taps, at, start, y, yStep);
        } else {
            boolean below = taps.rows() == 2;
            twoTaps(taps, below ? taps.pixels().row() : taps.pixels().column(),
                    below ? taps.own().row() : taps.own().column(), at, start, y, yStep);
        }
    }

    private static void oneTap(Taps taps, long at, long start, long y, long yStep) {
        FloatVector weight = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(taps.own().first() + at), ORDER);
        FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        long x = Memory.at(taps.pixels().first() + at);
        long ahead = Memory.ahead(taps.step());
        long target = Memory.at(y);
        long toNext = Memory.ahead(yStep);
        int outputs = taps.outputs();
        for (int i = 0; i < outputs; i++) {
            FloatVector.fromMemorySegment(LANES, ALL, x + i * ahead, ORDER).fma(weight, first).intoMemorySegment(ALL,
                    target + i * toNext, ORDER);
        }
    }

    /** Two taps whose pixels, and which themselves, are so many bytes apart. */
    private static void twoTaps(Taps taps, long pixels, long own, long at, long start, long y, long yStep) {
        FloatVector w0 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(taps.own().first() + at), ORDER);
        FloatVector w1 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(taps.own().first() + own + at), ORDER);
        FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        long x = Memory.at(taps.pixels().first() + at);
        long other = Memory.ahead(pixels);
        long ahead = Memory.ahead(taps.step());
        long target = Memory.at(y);
        long toNext = Memory.ahead(yStep);
        int outputs = taps.outputs();
        for (int i = 0; i < outputs; i++) {
            FloatVector sum = FloatVector.fromMemorySegment(LANES, ALL, x + i * ahead, ORDER).fma(w0, first);
            FloatVector.fromMemorySegment(LANES, ALL, x + i * ahead + other, ORDER).fma(w1, sum).intoMemorySegment(ALL,
                    target + i * toNext, ORDER);
        }
    }

    private static void twoByTwo(Taps taps, long at, long start, long y, long yStep) {
        long w = taps.own().first() + at;
        long below = taps.own().row();
        long beside = taps.own().column();
        FloatVector w0 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w), ORDER);
        FloatVector w1 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + beside), ORDER);
        FloatVector w2 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + below), ORDER);
        FloatVector w3 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + below + beside), ORDER);
        FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        long upper = Memory.at(taps.pixels().first() + at);
        long lower = Memory.at(upper + taps.pixels().row());
        long right = Memory.ahead(taps.pixels().column());
        long ahead = Memory.ahead(taps.step());
        long target = Memory.at(y);
        long toNext = Memory.ahead(yStep);
        int outputs = taps.outputs();
        for (int i = 0; i < outputs; i++) {
            FloatVector sum = FloatVector.fromMemorySegment(LANES, ALL, upper + i * ahead, ORDER).fma(w0, first);
            sum = FloatVector.fromMemorySegment(LANES, ALL, upper + i * ahead + right, ORDER).fma(w1, sum);
            sum = FloatVector.fromMemorySegment(LANES, ALL, lower + i * ahead, ORDER).fma(w2, sum);
            FloatVector.fromMemorySegment(LANES, ALL, lower + i * ahead + right, ORDER).fma(w3, sum)
                    .intoMemorySegment(ALL, target + i * toNext, ORDER);
        }
    }

    /** Three by three pixels stay in registers: every output brings a column of new ones. */
    private static void neighbours(Taps taps, long at, long start, long y, long yStep) {
        Places own = taps.own();
        long w = own.first() + at;
        long below = own.row();
        long beside = own.column();
        FloatVector w0 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w), ORDER);
        FloatVector w1 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + beside), ORDER);
        FloatVector w2 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + 2 * beside), ORDER);
        FloatVector w3 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + below), ORDER);
        FloatVector w4 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + below + beside), ORDER);
        FloatVector w5 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + below + 2 * beside), ORDER);
        FloatVector w6 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + 2 * below), ORDER);
        FloatVector w7 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + 2 * below + beside), ORDER);
        FloatVector w8 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + 2 * below + 2 * beside), ORDER);
        FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        long target = Memory.at(y);
        long toNext = Memory.ahead(yStep);
        int outputs = taps.outputs();
        long upper = Memory.at(taps.pixels().first() + at);
        long middle = Memory.at(upper + taps.pixels().row());
        long lower = Memory.at(middle + taps.pixels().row());
        long ahead = Memory.ahead(taps.step());
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
    private static void threeByThree(Taps taps, long at, long start, long y, long yStep) {
        Places own = taps.own();
        long w = own.first() + at;
        long below = own.row();
        long beside = own.column();
        FloatVector w0 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w), ORDER);
        FloatVector w1 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + beside), ORDER);
        FloatVector w2 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + 2 * beside), ORDER);
        FloatVector w3 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + below), ORDER);
        FloatVector w4 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + below + beside), ORDER);
        FloatVector w5 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + below + 2 * beside), ORDER);
        FloatVector w6 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + 2 * below), ORDER);
        FloatVector w7 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + 2 * below + beside), ORDER);
        FloatVector w8 = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(w + 2 * below + 2 * beside), ORDER);
        FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        long target = Memory.at(y);
        long toNext = Memory.ahead(yStep);
        int outputs = taps.outputs();
        long upper = Memory.at(taps.pixels().first() + at);
        long middle = Memory.at(upper + taps.pixels().row());
        long lower = Memory.at(middle + taps.pixels().row());
        long ahead = Memory.ahead(taps.step());
        long right = Memory.ahead(taps.pixels().column());
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

    /**
     * Every tap of a row brings one new pixel. The loop over the taps is one that the compiler does not divide into
     * three: it has few rounds.
     */
    private static void fourNeighbours(Taps taps, long from, long at, long start, long y, long yStep) {
        FloatVector s0 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        long ahead = Memory.ahead(taps.step());
        long beside = taps.own().column();
        for (int row = 0; row < taps.rows(); row++) {
            long x = Memory.at(taps.pixels().first() + row * taps.pixels().row() + from);
            long tap = taps.own().first() + row * taps.own().row() + at;
            FloatVector x0 = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(LANES, ALL, x + ahead, ORDER);
            FloatVector x2 = FloatVector.fromMemorySegment(LANES, ALL, x + 2 * ahead, ORDER);
            for (long end = tap + taps.columns() * beside; tap != end; tap += beside) {
                FloatVector x3 = FloatVector.fromMemorySegment(LANES, ALL, x + 3 * ahead, ORDER);
                FloatVector weight = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(tap), ORDER);
                s0 = x0.fma(weight, s0);
                s1 = x1.fma(weight, s1);
                s2 = x2.fma(weight, s2);
                s3 = x3.fma(weight, s3);
                x0 = x1;
                x1 = x2;
                x2 = x3;
                x = Memory.at(x + ahead);
            }
        }
        s0.intoMemorySegment(ALL, y, ORDER);
        s1.intoMemorySegment(ALL, y + yStep, ORDER);
        s2.intoMemorySegment(ALL, y + 2 * yStep, ORDER);
        s3.intoMemorySegment(ALL, y + 3 * yStep, ORDER);
    }

    private static void fourOutputs(Taps taps, long from, long at, long start, long y, long yStep) {
        FloatVector s0 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        long ahead = Memory.ahead(taps.step());
        long right = Memory.ahead(taps.pixels().column());
        long beside = taps.own().column();
        for (int row = 0; row < taps.rows(); row++) {
            long x = Memory.at(taps.pixels().first() + row * taps.pixels().row() + from);
            long tap = taps.own().first() + row * taps.own().row() + at;
            for (long end = tap + taps.columns() * beside; tap != end; tap += beside) {
                FloatVector weight = FloatVector.fromMemorySegment(LANES, ALL, Memory.at(tap), ORDER);
                s0 = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER).fma(weight, s0);
                s1 = FloatVector.fromMemorySegment(LANES, ALL, x + ahead, ORDER).fma(weight, s1);
                s2 = FloatVector.fromMemorySegment(LANES, ALL, x + 2 * ahead, ORDER).fma(weight, s2);
                s3 = FloatVector.fromMemorySegment(LANES, ALL, x + 3 * ahead, ORDER).fma(weight, s3);
                x = Memory.at(x + right);
            }
        }
        s0.intoMemorySegment(ALL, y, ORDER);
        s1.intoMemorySegment(ALL, y + yStep, ORDER);
        s2.intoMemorySegment(ALL, y + 2 * yStep, ORDER);
        s3.intoMemorySegment(ALL, y + 3 * yStep, ORDER);
    }

    private static void oneOutput(Taps taps, long from, long at, long start, long y) {
        FloatVector sum = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        long right = Memory.ahead(taps.pixels().column());
        long beside = taps.own().column();
        for (int row = 0; row < taps.rows(); row++) {
            long x = Memory.at(taps.pixels().first() + row * taps.pixels().row() + from);
            long tap = taps.own().first() + row * taps.own().row() + at;
            for (long end = tap + taps.columns() * beside; tap != end; tap += beside) {
                sum = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER)
                        .fma(FloatVector.fromMemorySegment(LANES, ALL, Memory.at(tap), ORDER), sum);
                x = Memory.at(x + right);
            }
        }
        sum.intoMemorySegment(ALL, y, ORDER);
    }

    @Override
    public void weightGradient(Taps taps, int channels, long dy, long dyStep) {
        VectorDepthwiseGradients.add(taps, channels, dy, dyStep);
    }
}
