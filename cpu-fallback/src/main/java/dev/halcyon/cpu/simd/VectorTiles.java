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
 * <li>The loop counts an int, and addresses are that times a constant: then bounds are checked once, before the loop.
 * That is why there is a tile for each way that the factors may lie (and one more in {@link VectorTransforms}): a single
 * tile with these distances as parameters took 10 to 40 percent longer in the gradients of 1×1 convolutions and LeNet's.
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
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

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
        long r0 = Memory.at(a) + 0 * Memory.ahead(aStep);
        long r1 = Memory.at(a) + 1 * Memory.ahead(aStep);
        long r2 = Memory.at(a) + 2 * Memory.ahead(aStep);
        long r3 = Memory.at(a) + 3 * Memory.ahead(aStep);
        long r4 = Memory.at(a) + 4 * Memory.ahead(aStep);
        long r5 = Memory.at(a) + 5 * Memory.ahead(aStep);
        long r6 = Memory.at(a) + 6 * Memory.ahead(aStep);
        long r7 = Memory.at(a) + 7 * Memory.ahead(aStep);
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(LANES, ALL, start + VECTOR, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep + VECTOR, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep + VECTOR, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep + VECTOR, ORDER);
        FloatVector c40 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep, ORDER);
        FloatVector c41 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep + VECTOR, ORDER);
        FloatVector c50 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep, ORDER);
        FloatVector c51 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep + VECTOR, ORDER);
        FloatVector c60 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep, ORDER);
        FloatVector c61 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep + VECTOR, ORDER);
        FloatVector c70 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep, ORDER);
        FloatVector c71 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep + VECTOR, ORDER);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, b + 2 * VECTOR * k, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, b + 2 * VECTOR * k + VECTOR, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r0 + 4L * k));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r1 + 4L * k));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r2 + 4L * k));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r3 + 4L * k));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r4 + 4L * k));
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r5 + 4L * k));
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r6 + 4L * k));
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r7 + 4L * k));
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + VECTOR, ORDER);
        c10.intoMemorySegment(ALL, c + cStep, ORDER);
        c11.intoMemorySegment(ALL, c + cStep + VECTOR, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cStep, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cStep + VECTOR, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cStep, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cStep + VECTOR, ORDER);
        c40.intoMemorySegment(ALL, c + 4 * cStep, ORDER);
        c41.intoMemorySegment(ALL, c + 4 * cStep + VECTOR, ORDER);
        c50.intoMemorySegment(ALL, c + 5 * cStep, ORDER);
        c51.intoMemorySegment(ALL, c + 5 * cStep + VECTOR, ORDER);
        c60.intoMemorySegment(ALL, c + 6 * cStep, ORDER);
        c61.intoMemorySegment(ALL, c + 6 * cStep + VECTOR, ORDER);
        c70.intoMemorySegment(ALL, c + 7 * cStep, ORDER);
        c71.intoMemorySegment(ALL, c + 7 * cStep + VECTOR, ORDER);
    }

    private static void narrowByRows(long a, long aStep, long b, int depth, long start, long startStep, long c,
            long cStep) {
        long r0 = Memory.at(a) + 0 * Memory.ahead(aStep);
        long r1 = Memory.at(a) + 1 * Memory.ahead(aStep);
        long r2 = Memory.at(a) + 2 * Memory.ahead(aStep);
        long r3 = Memory.at(a) + 3 * Memory.ahead(aStep);
        long r4 = Memory.at(a) + 4 * Memory.ahead(aStep);
        long r5 = Memory.at(a) + 5 * Memory.ahead(aStep);
        long r6 = Memory.at(a) + 6 * Memory.ahead(aStep);
        long r7 = Memory.at(a) + 7 * Memory.ahead(aStep);
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep, ORDER);
        FloatVector c40 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep, ORDER);
        FloatVector c50 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep, ORDER);
        FloatVector c60 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep, ORDER);
        FloatVector c70 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep, ORDER);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, b + VECTOR * k, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r0 + 4L * k));
            c00 = a0.fma(b0, c00);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r1 + 4L * k));
            c10 = a1.fma(b0, c10);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r2 + 4L * k));
            c20 = a2.fma(b0, c20);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r3 + 4L * k));
            c30 = a3.fma(b0, c30);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r4 + 4L * k));
            c40 = a4.fma(b0, c40);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r5 + 4L * k));
            c50 = a5.fma(b0, c50);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r6 + 4L * k));
            c60 = a6.fma(b0, c60);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r7 + 4L * k));
            c70 = a7.fma(b0, c70);
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c10.intoMemorySegment(ALL, c + cStep, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cStep, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cStep, ORDER);
        c40.intoMemorySegment(ALL, c + 4 * cStep, ORDER);
        c50.intoMemorySegment(ALL, c + 5 * cStep, ORDER);
        c60.intoMemorySegment(ALL, c + 6 * cStep, ORDER);
        c70.intoMemorySegment(ALL, c + 7 * cStep, ORDER);
    }

    private static void wideByColumns(long a, long b, int depth, long start, long startStep, long c,
            long cStep) {
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(LANES, ALL, start + VECTOR, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep + VECTOR, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep + VECTOR, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep + VECTOR, ORDER);
        FloatVector c40 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep, ORDER);
        FloatVector c41 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep + VECTOR, ORDER);
        FloatVector c50 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep, ORDER);
        FloatVector c51 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep + VECTOR, ORDER);
        FloatVector c60 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep, ORDER);
        FloatVector c61 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep + VECTOR, ORDER);
        FloatVector c70 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep, ORDER);
        FloatVector c71 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep + VECTOR, ORDER);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, b + 2 * VECTOR * k, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, b + 2 * VECTOR * k + VECTOR, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 4));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 8));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 12));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 16));
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 20));
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 24));
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 28));
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + VECTOR, ORDER);
        c10.intoMemorySegment(ALL, c + cStep, ORDER);
        c11.intoMemorySegment(ALL, c + cStep + VECTOR, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cStep, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cStep + VECTOR, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cStep, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cStep + VECTOR, ORDER);
        c40.intoMemorySegment(ALL, c + 4 * cStep, ORDER);
        c41.intoMemorySegment(ALL, c + 4 * cStep + VECTOR, ORDER);
        c50.intoMemorySegment(ALL, c + 5 * cStep, ORDER);
        c51.intoMemorySegment(ALL, c + 5 * cStep + VECTOR, ORDER);
        c60.intoMemorySegment(ALL, c + 6 * cStep, ORDER);
        c61.intoMemorySegment(ALL, c + 6 * cStep + VECTOR, ORDER);
        c70.intoMemorySegment(ALL, c + 7 * cStep, ORDER);
        c71.intoMemorySegment(ALL, c + 7 * cStep + VECTOR, ORDER);
    }

    private static void narrowByColumns(long a, long b, int depth, long start, long startStep, long c,
            long cStep) {
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep, ORDER);
        FloatVector c40 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep, ORDER);
        FloatVector c50 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep, ORDER);
        FloatVector c60 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep, ORDER);
        FloatVector c70 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep, ORDER);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, b + VECTOR * k, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k));
            c00 = a0.fma(b0, c00);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 4));
            c10 = a1.fma(b0, c10);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 8));
            c20 = a2.fma(b0, c20);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 12));
            c30 = a3.fma(b0, c30);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 16));
            c40 = a4.fma(b0, c40);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 20));
            c50 = a5.fma(b0, c50);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 24));
            c60 = a6.fma(b0, c60);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 128L * k + 28));
            c70 = a7.fma(b0, c70);
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c10.intoMemorySegment(ALL, c + cStep, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cStep, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cStep, ORDER);
        c40.intoMemorySegment(ALL, c + 4 * cStep, ORDER);
        c50.intoMemorySegment(ALL, c + 5 * cStep, ORDER);
        c60.intoMemorySegment(ALL, c + 6 * cStep, ORDER);
        c70.intoMemorySegment(ALL, c + 7 * cStep, ORDER);
    }

    @Override
    public void byOffsets(int vectors, long a, long b, long offsets, int depth, long start, long startStep, long c,
            long cStep) {
        if (vectors == 2) {
            wideByOffsets(a, b, offsets, depth, start, startStep, c, cStep);
        } else {
            narrowByOffsets(a, b, offsets, depth, start, startStep, c, cStep);
        }
    }

    private static void wideByOffsets(long a, long b, long offsets, int depth, long start, long startStep, long c,
            long cStep) {
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(LANES, ALL, start + VECTOR, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep + VECTOR, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep + VECTOR, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep + VECTOR, ORDER);
        FloatVector c40 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep, ORDER);
        FloatVector c41 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep + VECTOR, ORDER);
        FloatVector c50 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep, ORDER);
        FloatVector c51 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep + VECTOR, ORDER);
        FloatVector c60 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep, ORDER);
        FloatVector c61 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep + VECTOR, ORDER);
        FloatVector c70 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep, ORDER);
        FloatVector c71 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep + VECTOR, ORDER);
        for (int k = 0; k < depth; k++) {
            long row = b + ALL.get(LONG, offsets + 8L * k);
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, row, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, row + VECTOR, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 4));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 8));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 12));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 16));
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 20));
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 24));
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 28));
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + VECTOR, ORDER);
        c10.intoMemorySegment(ALL, c + cStep, ORDER);
        c11.intoMemorySegment(ALL, c + cStep + VECTOR, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cStep, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cStep + VECTOR, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cStep, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cStep + VECTOR, ORDER);
        c40.intoMemorySegment(ALL, c + 4 * cStep, ORDER);
        c41.intoMemorySegment(ALL, c + 4 * cStep + VECTOR, ORDER);
        c50.intoMemorySegment(ALL, c + 5 * cStep, ORDER);
        c51.intoMemorySegment(ALL, c + 5 * cStep + VECTOR, ORDER);
        c60.intoMemorySegment(ALL, c + 6 * cStep, ORDER);
        c61.intoMemorySegment(ALL, c + 6 * cStep + VECTOR, ORDER);
        c70.intoMemorySegment(ALL, c + 7 * cStep, ORDER);
        c71.intoMemorySegment(ALL, c + 7 * cStep + VECTOR, ORDER);
    }

    private static void narrowByOffsets(long a, long b, long offsets, int depth, long start, long startStep, long c,
            long cStep) {
        FloatVector c0 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector c1 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep, ORDER);
        FloatVector c2 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep, ORDER);
        FloatVector c3 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep, ORDER);
        FloatVector c4 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep, ORDER);
        FloatVector c5 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep, ORDER);
        FloatVector c6 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep, ORDER);
        FloatVector c7 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep, ORDER);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, b + ALL.get(LONG, offsets + 8L * k), ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k));
            c0 = a0.fma(b0, c0);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 4));
            c1 = a1.fma(b0, c1);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 8));
            c2 = a2.fma(b0, c2);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 12));
            c3 = a3.fma(b0, c3);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 16));
            c4 = a4.fma(b0, c4);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 20));
            c5 = a5.fma(b0, c5);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 24));
            c6 = a6.fma(b0, c6);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, a + 32L * k + 28));
            c7 = a7.fma(b0, c7);
        }
        c0.intoMemorySegment(ALL, c, ORDER);
        c1.intoMemorySegment(ALL, c + cStep, ORDER);
        c2.intoMemorySegment(ALL, c + 2 * cStep, ORDER);
        c3.intoMemorySegment(ALL, c + 3 * cStep, ORDER);
        c4.intoMemorySegment(ALL, c + 4 * cStep, ORDER);
        c5.intoMemorySegment(ALL, c + 5 * cStep, ORDER);
        c6.intoMemorySegment(ALL, c + 6 * cStep, ORDER);
        c7.intoMemorySegment(ALL, c + 7 * cStep, ORDER);
    }
}
