package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.PlaneKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Tiles of planes in registers, written out for the reasons given at {@link VectorTiles}. */
public final class VectorPlanes implements PlaneKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final long VECTOR = LANES.vectorByteSize();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long STRAND_BYTES = 4L * STRANDS;

    /** The kernels keep no state. */
    public VectorPlanes() {
    }

    @Override
    public void products(long a, long b, long offsets, int depth, long start, long c, long cStep) {
        long left = Memory.at(a);
        long places = Memory.at(offsets);
        long to = Memory.at(c);
        long cRow = Memory.ahead(cStep);
        FloatVector c00 = FloatVector.broadcast(LANES, ALL.get(FLOAT, start));
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        FloatVector c10 = FloatVector.broadcast(LANES, ALL.get(FLOAT, start + 4));
        FloatVector c11 = c10;
        FloatVector c12 = c10;
        FloatVector c13 = c10;
        FloatVector c20 = FloatVector.broadcast(LANES, ALL.get(FLOAT, start + 8));
        FloatVector c21 = c20;
        FloatVector c22 = c20;
        FloatVector c23 = c20;
        FloatVector c30 = FloatVector.broadcast(LANES, ALL.get(FLOAT, start + 12));
        FloatVector c31 = c30;
        FloatVector c32 = c30;
        FloatVector c33 = c30;
        for (int k = 0; k < depth; k++) {
            long i = Memory.ahead(k);
            long row = Memory.at(b + ALL.get(LONG, places + 8 * i));
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, row, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, row + VECTOR, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(LANES, ALL, row + 2 * VECTOR, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(LANES, ALL, row + 3 * VECTOR, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 16 * i));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 16 * i + 4));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 16 * i + 8));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 16 * i + 12));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
        }
        c00.intoMemorySegment(ALL, to, ORDER);
        c01.intoMemorySegment(ALL, to + VECTOR, ORDER);
        c02.intoMemorySegment(ALL, to + 2 * VECTOR, ORDER);
        c03.intoMemorySegment(ALL, to + 3 * VECTOR, ORDER);
        c10.intoMemorySegment(ALL, to + cRow, ORDER);
        c11.intoMemorySegment(ALL, to + cRow + VECTOR, ORDER);
        c12.intoMemorySegment(ALL, to + cRow + 2 * VECTOR, ORDER);
        c13.intoMemorySegment(ALL, to + cRow + 3 * VECTOR, ORDER);
        c20.intoMemorySegment(ALL, to + 2 * cRow, ORDER);
        c21.intoMemorySegment(ALL, to + 2 * cRow + VECTOR, ORDER);
        c22.intoMemorySegment(ALL, to + 2 * cRow + 2 * VECTOR, ORDER);
        c23.intoMemorySegment(ALL, to + 2 * cRow + 3 * VECTOR, ORDER);
        c30.intoMemorySegment(ALL, to + 3 * cRow, ORDER);
        c31.intoMemorySegment(ALL, to + 3 * cRow + VECTOR, ORDER);
        c32.intoMemorySegment(ALL, to + 3 * cRow + 2 * VECTOR, ORDER);
        c33.intoMemorySegment(ALL, to + 3 * cRow + 3 * VECTOR, ORDER);
    }

    @Override
    public void correlations(long a, long offsets, long b, long bStep, int pixels, long sums) {
        for (int strand = 0; strand < STRANDS; strand += L) {
            strands(a + 4L * strand, offsets, b + 4L * strand, bStep, pixels / STRANDS, STRAND_BYTES,
                    sums + 4L * strand);
        }
    }

    /** The step is a parameter: the compiler would unroll the loop otherwise, which short rows of pixels pay for. */
    private static void strands(long a, long offsets, long b, long bStep, int count, long step, long sums) {
        long x0 = Memory.at(a + ALL.get(LONG, offsets));
        long x1 = Memory.at(a + ALL.get(LONG, offsets + 8));
        long x2 = Memory.at(a + ALL.get(LONG, offsets + 16));
        long x3 = Memory.at(a + ALL.get(LONG, offsets + 24));
        long y0 = Memory.at(b);
        long y1 = Memory.at(b + bStep);
        long y2 = Memory.at(b + 2 * bStep);
        long y3 = Memory.at(b + 3 * bStep);
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, sums, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(LANES, ALL, sums + STRAND_BYTES, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(LANES, ALL, sums + 2 * STRAND_BYTES, ORDER);
        FloatVector c03 = FloatVector.fromMemorySegment(LANES, ALL, sums + 3 * STRAND_BYTES, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, sums + 4 * STRAND_BYTES, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(LANES, ALL, sums + 5 * STRAND_BYTES, ORDER);
        FloatVector c12 = FloatVector.fromMemorySegment(LANES, ALL, sums + 6 * STRAND_BYTES, ORDER);
        FloatVector c13 = FloatVector.fromMemorySegment(LANES, ALL, sums + 7 * STRAND_BYTES, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, sums + 8 * STRAND_BYTES, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(LANES, ALL, sums + 9 * STRAND_BYTES, ORDER);
        FloatVector c22 = FloatVector.fromMemorySegment(LANES, ALL, sums + 10 * STRAND_BYTES, ORDER);
        FloatVector c23 = FloatVector.fromMemorySegment(LANES, ALL, sums + 11 * STRAND_BYTES, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, sums + 12 * STRAND_BYTES, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(LANES, ALL, sums + 13 * STRAND_BYTES, ORDER);
        FloatVector c32 = FloatVector.fromMemorySegment(LANES, ALL, sums + 14 * STRAND_BYTES, ORDER);
        FloatVector c33 = FloatVector.fromMemorySegment(LANES, ALL, sums + 15 * STRAND_BYTES, ORDER);
        long ahead = Memory.ahead(step);
        for (int p = 0; p < count; p++) {
            long at = p * ahead;
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, y0 + at, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, y1 + at, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(LANES, ALL, y2 + at, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(LANES, ALL, y3 + at, ORDER);
            FloatVector a0 = FloatVector.fromMemorySegment(LANES, ALL, x0 + at, ORDER);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.fromMemorySegment(LANES, ALL, x1 + at, ORDER);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = FloatVector.fromMemorySegment(LANES, ALL, x2 + at, ORDER);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = FloatVector.fromMemorySegment(LANES, ALL, x3 + at, ORDER);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
        }
        c00.intoMemorySegment(ALL, sums, ORDER);
        c01.intoMemorySegment(ALL, sums + STRAND_BYTES, ORDER);
        c02.intoMemorySegment(ALL, sums + 2 * STRAND_BYTES, ORDER);
        c03.intoMemorySegment(ALL, sums + 3 * STRAND_BYTES, ORDER);
        c10.intoMemorySegment(ALL, sums + 4 * STRAND_BYTES, ORDER);
        c11.intoMemorySegment(ALL, sums + 5 * STRAND_BYTES, ORDER);
        c12.intoMemorySegment(ALL, sums + 6 * STRAND_BYTES, ORDER);
        c13.intoMemorySegment(ALL, sums + 7 * STRAND_BYTES, ORDER);
        c20.intoMemorySegment(ALL, sums + 8 * STRAND_BYTES, ORDER);
        c21.intoMemorySegment(ALL, sums + 9 * STRAND_BYTES, ORDER);
        c22.intoMemorySegment(ALL, sums + 10 * STRAND_BYTES, ORDER);
        c23.intoMemorySegment(ALL, sums + 11 * STRAND_BYTES, ORDER);
        c30.intoMemorySegment(ALL, sums + 12 * STRAND_BYTES, ORDER);
        c31.intoMemorySegment(ALL, sums + 13 * STRAND_BYTES, ORDER);
        c32.intoMemorySegment(ALL, sums + 14 * STRAND_BYTES, ORDER);
        c33.intoMemorySegment(ALL, sums + 15 * STRAND_BYTES, ORDER);
    }
}
