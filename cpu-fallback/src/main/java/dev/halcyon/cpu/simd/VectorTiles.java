package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.TileKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles in vector registers, written out: accumulators are local variables, so that each is a register. What keeps them
 * fast in every run:
 * <ul>
 * <li>They call the Vector API and nothing of our own. The compiler stops inlining ordinary methods when a method has
 * grown too large, as these have; a helper would be a call that boxes its vectors.
 * <li>They are one loop without branches. Branches multiply what the JIT's first tier has to keep apart, until it gives
 * up («out of virtual registers») and the method stays interpreted for good.
 * <li>Every address is one that the compiler can tell not to be negative ({@link Memory#at}, {@link Memory#ahead}), the
 * loop's index too. It checks the bounds of an index times a constant once, before the loop, but that takes as long as
 * several terms of the sum, and many sums have few.
 * <li>There is a tile for each way that the factors may lie (and one more in {@link VectorTransforms}): a single tile
 * with these distances as parameters took 10 to 40 percent longer in the gradients of 1×1 convolutions and LeNet's.
 * <li>16 accumulators leave room for what the compiler loads ahead, even where there are but 32 registers.
 * </ul>
 */
public final class VectorTiles implements TileKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final long VECTOR = LANES.vectorByteSize();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** The kernels keep no state. */
    public VectorTiles() {
    }

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public void byRows(int vectors, long a, long aStep, long b, int depth, long start, long startStep, long c,
            long cStep) {
        if (vectors == 2) {
            wideByRows(a, aStep, b, depth, start, startStep, c, cStep);
        } else {
            narrowByRows(a, aStep, b, depth, start, startStep, c, cStep);
        }
    }

    @Override
    public void byColumns(int vectors, long a, long b, int depth, long start, long startStep, long c, long cStep) {
        if (vectors == 2) {
            wideByColumns(a, b, depth, start, startStep, c, cStep);
        } else {
            narrowByColumns(a, b, depth, start, startStep, c, cStep);
        }
    }

    @Override
    public void byOffsets(int vectors, long a, long b, long offsets, int depth, long start, long startStep, long c,
            long cStep) {
        if (vectors == 2) {
            VectorOffsets.wide(a, b, offsets, depth, start, startStep, c, cStep);
        } else {
            VectorOffsets.narrow(a, b, offsets, depth, start, startStep, c, cStep);
        }
    }

    @Override
    public void dots(long a, long b, long bStep, int depth, long sums) {
        VectorDots.partial(a, b, bStep, depth, sums);
    }

    @Override
    public void copyRuns(long from, long fromStep, long to, long toStep, int count, int floats) {
        VectorCopies.runs(from, fromStep, to, toStep, count, floats);
    }

    @Override
    public void copyExactly(long from, long fromStep, long to, long toStep, int count, int floats) {
        VectorCopies.exactly(from, fromStep, to, toStep, count, floats);
    }

    @Override
    public void transpose(long from, long fromStep, int columns, int depth, long to, long toStep) {
        VectorTranspose.matrix(from, fromStep, columns, depth, to, toStep);
    }

    private static void wideByRows(long a, long aStep, long b, int depth, long start, long startStep, long c,
            long cStep) {
        long aRow = Memory.ahead(aStep);
        long r0 = Memory.at(a);
        long r1 = r0 + aRow;
        long r2 = r0 + 2 * aRow;
        long r3 = r0 + 3 * aRow;
        long r4 = r0 + 4 * aRow;
        long r5 = r0 + 5 * aRow;
        long r6 = r0 + 6 * aRow;
        long r7 = r0 + 7 * aRow;
        long right = Memory.at(b);
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
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, right + 2 * VECTOR * i, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, right + 2 * VECTOR * i + VECTOR, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r0 + 4 * i));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r1 + 4 * i));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r2 + 4 * i));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r3 + 4 * i));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r4 + 4 * i));
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r5 + 4 * i));
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r6 + 4 * i));
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r7 + 4 * i));
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

    private static void narrowByRows(long a, long aStep, long b, int depth, long start, long startStep, long c,
            long cStep) {
        long aRow = Memory.ahead(aStep);
        long r0 = Memory.at(a);
        long r1 = r0 + aRow;
        long r2 = r0 + 2 * aRow;
        long r3 = r0 + 3 * aRow;
        long r4 = r0 + 4 * aRow;
        long r5 = r0 + 5 * aRow;
        long r6 = r0 + 6 * aRow;
        long r7 = r0 + 7 * aRow;
        long right = Memory.at(b);
        long first = Memory.at(start);
        long startRow = Memory.ahead(startStep);
        long to = Memory.at(c);
        long cRow = Memory.ahead(cStep);
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, first, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, first + startRow, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, first + 2 * startRow, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, first + 3 * startRow, ORDER);
        FloatVector c40 = FloatVector.fromMemorySegment(LANES, ALL, first + 4 * startRow, ORDER);
        FloatVector c50 = FloatVector.fromMemorySegment(LANES, ALL, first + 5 * startRow, ORDER);
        FloatVector c60 = FloatVector.fromMemorySegment(LANES, ALL, first + 6 * startRow, ORDER);
        FloatVector c70 = FloatVector.fromMemorySegment(LANES, ALL, first + 7 * startRow, ORDER);
        for (int k = 0; k < depth; k++) {
            long i = Memory.ahead(k);
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, right + VECTOR * i, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r0 + 4 * i));
            c00 = a0.fma(b0, c00);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r1 + 4 * i));
            c10 = a1.fma(b0, c10);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r2 + 4 * i));
            c20 = a2.fma(b0, c20);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r3 + 4 * i));
            c30 = a3.fma(b0, c30);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r4 + 4 * i));
            c40 = a4.fma(b0, c40);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r5 + 4 * i));
            c50 = a5.fma(b0, c50);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r6 + 4 * i));
            c60 = a6.fma(b0, c60);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r7 + 4 * i));
            c70 = a7.fma(b0, c70);
        }
        c00.intoMemorySegment(ALL, to, ORDER);
        c10.intoMemorySegment(ALL, to + cRow, ORDER);
        c20.intoMemorySegment(ALL, to + 2 * cRow, ORDER);
        c30.intoMemorySegment(ALL, to + 3 * cRow, ORDER);
        c40.intoMemorySegment(ALL, to + 4 * cRow, ORDER);
        c50.intoMemorySegment(ALL, to + 5 * cRow, ORDER);
        c60.intoMemorySegment(ALL, to + 6 * cRow, ORDER);
        c70.intoMemorySegment(ALL, to + 7 * cRow, ORDER);
    }

    private static void wideByColumns(long a, long b, int depth, long start, long startStep, long c,
            long cStep) {
        long left = Memory.at(a);
        long right = Memory.at(b);
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
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, right + 2 * VECTOR * i, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, right + 2 * VECTOR * i + VECTOR, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 4));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 8));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 12));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 16));
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 20));
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 24));
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 28));
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

    private static void narrowByColumns(long a, long b, int depth, long start, long startStep, long c,
            long cStep) {
        long left = Memory.at(a);
        long right = Memory.at(b);
        long first = Memory.at(start);
        long startRow = Memory.ahead(startStep);
        long to = Memory.at(c);
        long cRow = Memory.ahead(cStep);
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, first, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, first + startRow, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, first + 2 * startRow, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, first + 3 * startRow, ORDER);
        FloatVector c40 = FloatVector.fromMemorySegment(LANES, ALL, first + 4 * startRow, ORDER);
        FloatVector c50 = FloatVector.fromMemorySegment(LANES, ALL, first + 5 * startRow, ORDER);
        FloatVector c60 = FloatVector.fromMemorySegment(LANES, ALL, first + 6 * startRow, ORDER);
        FloatVector c70 = FloatVector.fromMemorySegment(LANES, ALL, first + 7 * startRow, ORDER);
        for (int k = 0; k < depth; k++) {
            long i = Memory.ahead(k);
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, right + VECTOR * i, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i));
            c00 = a0.fma(b0, c00);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 4));
            c10 = a1.fma(b0, c10);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 8));
            c20 = a2.fma(b0, c20);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 12));
            c30 = a3.fma(b0, c30);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 16));
            c40 = a4.fma(b0, c40);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 20));
            c50 = a5.fma(b0, c50);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 24));
            c60 = a6.fma(b0, c60);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + 128 * i + 28));
            c70 = a7.fma(b0, c70);
        }
        c00.intoMemorySegment(ALL, to, ORDER);
        c10.intoMemorySegment(ALL, to + cRow, ORDER);
        c20.intoMemorySegment(ALL, to + 2 * cRow, ORDER);
        c30.intoMemorySegment(ALL, to + 3 * cRow, ORDER);
        c40.intoMemorySegment(ALL, to + 4 * cRow, ORDER);
        c50.intoMemorySegment(ALL, to + 5 * cRow, ORDER);
        c60.intoMemorySegment(ALL, to + 6 * cRow, ORDER);
        c70.intoMemorySegment(ALL, to + 7 * cRow, ORDER);
    }
}
