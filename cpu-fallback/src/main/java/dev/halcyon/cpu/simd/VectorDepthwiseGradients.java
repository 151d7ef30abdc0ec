package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.DepthwiseKernels.Places;
import dev.halcyon.cpu.DepthwiseKernels.Taps;
import dev.halcyon.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Gradients of the weights of depthwise convolutions: the sums of three by three taps stay in registers along a row. */
final class VectorDepthwiseGradients {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    /** Outputs that are added together. */
    private static final int BLOCK = 4;

    private VectorDepthwiseGradients() {
    }

    static void add(Taps taps, int channels, long dy, long dyStep) {
        if (taps.are(3, 3)) {
            for (long at = 0; at < 4L * channels; at += 4L * L) {
                if (taps.areNeighbours()) {
                    neighbourGradients(taps, at, dy + at, dyStep);
                } else {
                    gradientsOfNine(taps, at, dy + at, dyStep);
                }
            }
            return;
        }
        int i = 0;
        for (; i + BLOCK <= taps.outputs(); i += BLOCK) {
            for (long at = 0; at < 4L * channels; at += 4L * L) {
                fourGradients(taps, i * taps.step() + at, at, dy + i * dyStep + at, dyStep);
            }
        }
        for (; i < taps.outputs(); i++) {
            for (long at = 0; at < 4L * channels; at += 4L * L) {
                oneGradient(taps, i * taps.step() + at, at, dy + i * dyStep + at);
            }
        }
    }

    private static void neighbourGradients(Taps taps, long at, long dy, long dyStep) {
        Places own = taps.own();
        long upperSums = Memory.at(own.first() + at);
        long middleSums = Memory.at(upperSums + own.row());
        long lowerSums = Memory.at(middleSums + own.row());
        long toSum = Memory.ahead(own.column());
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

    private static void gradientsOfNine(Taps taps, long at, long dy, long dyStep) {
        Places own = taps.own();
        long upperSums = Memory.at(own.first() + at);
        long middleSums = Memory.at(upperSums + own.row());
        long lowerSums = Memory.at(middleSums + own.row());
        long toSum = Memory.ahead(own.column());
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
        int outputs = taps.outputs();
        long upper = Memory.at(taps.pixels().first() + at);
        long middle = Memory.at(upper + taps.pixels().row());
        long lower = Memory.at(middle + taps.pixels().row());
        long ahead = Memory.ahead(taps.step());
        long right = Memory.ahead(taps.pixels().column());
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

    private static void fourGradients(Taps taps, long from, long at, long dy, long dyStep) {
        FloatVector g0 = FloatVector.fromMemorySegment(LANES, ALL, dy, ORDER);
        FloatVector g1 = FloatVector.fromMemorySegment(LANES, ALL, dy + dyStep, ORDER);
        FloatVector g2 = FloatVector.fromMemorySegment(LANES, ALL, dy + 2 * dyStep, ORDER);
        FloatVector g3 = FloatVector.fromMemorySegment(LANES, ALL, dy + 3 * dyStep, ORDER);
        long ahead = Memory.ahead(taps.step());
        long right = Memory.ahead(taps.pixels().column());
        long beside = taps.own().column();
        for (int row = 0; row < taps.rows(); row++) {
            long x = Memory.at(taps.pixels().first() + row * taps.pixels().row() + from);
            long target = Memory.at(taps.own().first() + row * taps.own().row() + at);
            for (long end = target + taps.columns() * beside; target != end; target = Memory.at(target + beside)) {
                FloatVector sum = FloatVector.fromMemorySegment(LANES, ALL, target, ORDER);
                sum = FloatVector.fromMemorySegment(LANES, ALL, x, ORDER).fma(g0, sum);
                sum = FloatVector.fromMemorySegment(LANES, ALL, x + ahead, ORDER).fma(g1, sum);
                sum = FloatVector.fromMemorySegment(LANES, ALL, x + 2 * ahead, ORDER).fma(g2, sum);
                sum = FloatVector.fromMemorySegment(LANES, ALL, x + 3 * ahead, ORDER).fma(g3, sum);
                sum.intoMemorySegment(ALL, target, ORDER);
                x = Memory.at(x + right);
            }
        }
    }

    private static void oneGradient(Taps taps, long from, long at, long dy) {
        FloatVector g = FloatVector.fromMemorySegment(LANES, ALL, dy, ORDER);
        long right = Memory.ahead(taps.pixels().column());
        long beside = taps.own().column();
        for (int row = 0; row < taps.rows(); row++) {
            long x = Memory.at(taps.pixels().first() + row * taps.pixels().row() + from);
            long target = Memory.at(taps.own().first() + row * taps.own().row() + at);
            for (long end = target + taps.columns() * beside; target != end; target = Memory.at(target + beside)) {
                FloatVector.fromMemorySegment(LANES, ALL, x, ORDER)
                        .fma(g, FloatVector.fromMemorySegment(LANES, ALL, target, ORDER))
                        .intoMemorySegment(ALL, target, ORDER);
                x = Memory.at(x + right);
            }
        }
    }
}
