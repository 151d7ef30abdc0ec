package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.TileKernels;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Dot products of one run of floats with {@link TileKernels#DOTS} others, a lane being a partial sum. */
final class VectorDots {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final int SUMS = TileKernels.PARTIAL_SUMS;
    private static final long ROW = 4L * SUMS;

    private VectorDots() {
    }

    static void partial(long a, long b, long bStep, int depth, long sums) {
        for (int i = 0; i < SUMS; i += L) {
            lanes(a + 4L * i, b + 4L * i, bStep, depth, sums + 4L * i);
        }
    }

    private static void lanes(long a, long b, long bStep, int depth, long sums) {
        long b1 = b + bStep;
        long b2 = b + 2 * bStep;
        long b3 = b + 3 * bStep;
        long b4 = b + 4 * bStep;
        long b5 = b + 5 * bStep;
        long b6 = b + 6 * bStep;
        long b7 = b + 7 * bStep;
        FloatVector s0 = FloatVector.zero(LANES);
        FloatVector s1 = FloatVector.zero(LANES);
        FloatVector s2 = FloatVector.zero(LANES);
        FloatVector s3 = FloatVector.zero(LANES);
        FloatVector s4 = FloatVector.zero(LANES);
        FloatVector s5 = FloatVector.zero(LANES);
        FloatVector s6 = FloatVector.zero(LANES);
        FloatVector s7 = FloatVector.zero(LANES);
        for (int k = 0; k < depth; k += SUMS) {
            FloatVector x = FloatVector.fromMemorySegment(LANES, ALL, a + 4L * k, ORDER);
            s0 = x.fma(FloatVector.fromMemorySegment(LANES, ALL, b + 4L * k, ORDER), s0);
            s1 = x.fma(FloatVector.fromMemorySegment(LANES, ALL, b1 + 4L * k, ORDER), s1);
            s2 = x.fma(FloatVector.fromMemorySegment(LANES, ALL, b2 + 4L * k, ORDER), s2);
            s3 = x.fma(FloatVector.fromMemorySegment(LANES, ALL, b3 + 4L * k, ORDER), s3);
            s4 = x.fma(FloatVector.fromMemorySegment(LANES, ALL, b4 + 4L * k, ORDER), s4);
            s5 = x.fma(FloatVector.fromMemorySegment(LANES, ALL, b5 + 4L * k, ORDER), s5);
            s6 = x.fma(FloatVector.fromMemorySegment(LANES, ALL, b6 + 4L * k, ORDER), s6);
            s7 = x.fma(FloatVector.fromMemorySegment(LANES, ALL, b7 + 4L * k, ORDER), s7);
        }
        s0.intoMemorySegment(ALL, sums, ORDER);
        s1.intoMemorySegment(ALL, sums + ROW, ORDER);
        s2.intoMemorySegment(ALL, sums + 2 * ROW, ORDER);
        s3.intoMemorySegment(ALL, sums + 3 * ROW, ORDER);
        s4.intoMemorySegment(ALL, sums + 4 * ROW, ORDER);
        s5.intoMemorySegment(ALL, sums + 5 * ROW, ORDER);
        s6.intoMemorySegment(ALL, sums + 6 * ROW, ORDER);
        s7.intoMemorySegment(ALL, sums + 7 * ROW, ORDER);
    }
}
