package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Tiles whose rows of B lie at listed distances, written out for the reasons given at {@link VectorTiles}. */
final class VectorOffsets {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final long VECTOR = LANES.vectorByteSize();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private VectorOffsets() {
    }

    static void wide(long a, long b, long offsets, int depth, long start, long startStep, long c,
            long cStep) {
        long left = Memory.at(a);
        long places = Memory.at(offsets);
        long first = Memory.at(start);
        long startRow = Memory.ahead(startStep);
        long to = Memory.at(c);
        long cRow = Memory.ahead(cStep);
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, first, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(LANES, ALL, first + VECTOR, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, first + startRow, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(LANES, ALL, first + startRow + VECTOR, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, first + 2 * startRow, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(LANES, ALL, first + 2 * startRow + VECTOR, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, first + 3 * startRow, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(LANES, ALL, first + 3 * startRow + VECTOR, ORDER);
        FloatVector c40 = FloatVector.fromMemorySegment(LANES, ALL, first + 4 * startRow, ORDER);
        FloatVector c41 = FloatVector.fromMemorySegment(LANES, ALL, first + 4 * startRow + VECTOR, ORDER);
        FloatVector c50 = FloatVector.fromMemorySegment(LANES, ALL, first + 5 * startRow, ORDER);
        FloatVector c51 = FloatVector.fromMemorySegment(LANES, ALL, first + 5 * startRow + VECTOR, ORDER);
        FloatVector c60 = FloatVector.fromMemorySegment(LANES, ALL, first + 6 * startRow, ORDER);
        FloatVector c61 = FloatVector.fromMemorySegment(LANES, ALL, first + 6 * startRow + VECTOR, ORDER);
        FloatVector c70 = FloatVector.fromMemorySegment(LANES, ALL, first + 7 * startRow, ORDER);
        FloatVector c71 = FloatVector.fromMemorySegment(LANES, ALL, first + 7 * startRow + VECTOR, ORDER);
        for (int k = 0; k < depth; k++) {
            long i = Memory.ahead(k);
            long row = Memory.at(b + ALL.get(LONG, places + 8 * i));
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, row, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, row + VECTOR, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 4));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 8));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 12));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 16));
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 20));
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 24));
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 28));
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoMemorySegment(ALL, to, ORDER);
        c01.intoMemorySegment(ALL, to + VECTOR, ORDER);
        c10.intoMemorySegment(ALL, to + cRow, ORDER);
        c11.intoMemorySegment(ALL, to + cRow + VECTOR, ORDER);
        c20.intoMemorySegment(ALL, to + 2 * cRow, ORDER);
        c21.intoMemorySegment(ALL, to + 2 * cRow + VECTOR, ORDER);
        c30.intoMemorySegment(ALL, to + 3 * cRow, ORDER);
        c31.intoMemorySegment(ALL, to + 3 * cRow + VECTOR, ORDER);
        c40.intoMemorySegment(ALL, to + 4 * cRow, ORDER);
        c41.intoMemorySegment(ALL, to + 4 * cRow + VECTOR, ORDER);
        c50.intoMemorySegment(ALL, to + 5 * cRow, ORDER);
        c51.intoMemorySegment(ALL, to + 5 * cRow + VECTOR, ORDER);
        c60.intoMemorySegment(ALL, to + 6 * cRow, ORDER);
        c61.intoMemorySegment(ALL, to + 6 * cRow + VECTOR, ORDER);
        c70.intoMemorySegment(ALL, to + 7 * cRow, ORDER);
        c71.intoMemorySegment(ALL, to + 7 * cRow + VECTOR, ORDER);
    }

    static void narrow(long a, long b, long offsets, int depth, long start, long startStep, long c,
            long cStep) {
        long left = Memory.at(a);
        long places = Memory.at(offsets);
        long first = Memory.at(start);
        long startRow = Memory.ahead(startStep);
        long to = Memory.at(c);
        long cRow = Memory.ahead(cStep);
        FloatVector c0 = FloatVector.fromMemorySegment(LANES, ALL, first, ORDER);
        FloatVector c1 = FloatVector.fromMemorySegment(LANES, ALL, first + startRow, ORDER);
        FloatVector c2 = FloatVector.fromMemorySegment(LANES, ALL, first + 2 * startRow, ORDER);
        FloatVector c3 = FloatVector.fromMemorySegment(LANES, ALL, first + 3 * startRow, ORDER);
        FloatVector c4 = FloatVector.fromMemorySegment(LANES, ALL, first + 4 * startRow, ORDER);
        FloatVector c5 = FloatVector.fromMemorySegment(LANES, ALL, first + 5 * startRow, ORDER);
        FloatVector c6 = FloatVector.fromMemorySegment(LANES, ALL, first + 6 * startRow, ORDER);
        FloatVector c7 = FloatVector.fromMemorySegment(LANES, ALL, first + 7 * startRow, ORDER);
        for (int k = 0; k < depth; k++) {
            long i = Memory.ahead(k);
            long row = Memory.at(b + ALL.get(LONG, places + 8 * i));
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, row, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i));
            c0 = a0.fma(b0, c0);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 4));
            c1 = a1.fma(b0, c1);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 8));
            c2 = a2.fma(b0, c2);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 12));
            c3 = a3.fma(b0, c3);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 16));
            c4 = a4.fma(b0, c4);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 20));
            c5 = a5.fma(b0, c5);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 24));
            c6 = a6.fma(b0, c6);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 32 * i + 28));
            c7 = a7.fma(b0, c7);
        }
        c0.intoMemorySegment(ALL, to, ORDER);
        c1.intoMemorySegment(ALL, to + cRow, ORDER);
        c2.intoMemorySegment(ALL, to + 2 * cRow, ORDER);
        c3.intoMemorySegment(ALL, to + 3 * cRow, ORDER);
        c4.intoMemorySegment(ALL, to + 4 * cRow, ORDER);
        c5.intoMemorySegment(ALL, to + 5 * cRow, ORDER);
        c6.intoMemorySegment(ALL, to + 6 * cRow, ORDER);
        c7.intoMemorySegment(ALL, to + 7 * cRow, ORDER);
    }
}
