package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.GatherKernels;
import dev.halcyon.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of gathered factors in registers, written out for the reasons given at {@link VectorTiles}. Where the rows lie is
 * looked up before a tile is entered: as parameters they cost the JIT's first tier one register each. A tile of one
 * vector has so little to multiply that looking up every term takes longer; it goes through runs, which wider ones lose
 * by where runs are short.
 */
public final class VectorGathers implements GatherKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final long VECTOR = LANES.vectorByteSize();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** The kernels keep no state. */
    public VectorGathers() {
    }

    @Override
    public void multiply(int vectors, long a, long rows, Terms terms, long b, long bStep, long start, long startStep,
            long c, long cStep) {
        long a0 = a + Memory.getLong(rows);
        long a1 = a + Memory.getLong(rows + 8);
        long a2 = a + Memory.getLong(rows + 16);
        long a3 = a + Memory.getLong(rows + 24);
        if (vectors == MOST_VECTORS) {
            four(a0, a1, a2, a3, terms.all(), terms.depth(), b, bStep, start, startStep, c, cStep);
            return;
        }
        long a4 = a + Memory.getLong(rows + 32);
        long a5 = a + Memory.getLong(rows + 40);
        long a6 = a + Memory.getLong(rows + 48);
        long a7 = a + Memory.getLong(rows + 56);
        if (vectors == 2) {
            two(a0, a1, a2, a3, a4, a5, a6, a7, terms.all(), terms.depth(), b, bStep, start, startStep, c, cStep);
        } else {
            one(a0, a1, a2, a3, a4, a5, a6, a7, terms, b, bStep, start, startStep, c, cStep);
        }
    }

    private static void four(long a0, long a1, long a2, long a3, long terms, int depth, long b, long bStep, long start,
            long startStep, long c, long cStep) {
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(LANES, ALL, start + VECTOR, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * VECTOR, ORDER);
        FloatVector c03 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * VECTOR, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep + VECTOR, ORDER);
        FloatVector c12 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep + 2 * VECTOR, ORDER);
        FloatVector c13 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep + 3 * VECTOR, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep + VECTOR, ORDER);
        FloatVector c22 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep + 2 * VECTOR, ORDER);
        FloatVector c23 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep + 3 * VECTOR, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep + VECTOR, ORDER);
        FloatVector c32 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep + 2 * VECTOR, ORDER);
        FloatVector c33 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep + 3 * VECTOR, ORDER);
        long r0 = Memory.at(a0);
        long r1 = Memory.at(a1);
        long r2 = Memory.at(a2);
        long r3 = Memory.at(a3);
        long row = Memory.at(b);
        for (int k = 0; k < depth; k++) {
            long term = Memory.ahead(ALL.get(LONG, terms + 8L * k));
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, row, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, row + VECTOR, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(LANES, ALL, row + 2 * VECTOR, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(LANES, ALL, row + 3 * VECTOR, ORDER);
            FloatVector f0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r0 + term));
            c00 = f0.fma(b0, c00);
            c01 = f0.fma(b1, c01);
            c02 = f0.fma(b2, c02);
            c03 = f0.fma(b3, c03);
            FloatVector f1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r1 + term));
            c10 = f1.fma(b0, c10);
            c11 = f1.fma(b1, c11);
            c12 = f1.fma(b2, c12);
            c13 = f1.fma(b3, c13);
            FloatVector f2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r2 + term));
            c20 = f2.fma(b0, c20);
            c21 = f2.fma(b1, c21);
            c22 = f2.fma(b2, c22);
            c23 = f2.fma(b3, c23);
            FloatVector f3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r3 + term));
            c30 = f3.fma(b0, c30);
            c31 = f3.fma(b1, c31);
            c32 = f3.fma(b2, c32);
            c33 = f3.fma(b3, c33);
            row = Memory.at(row + bStep);
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + VECTOR, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * VECTOR, ORDER);
        c03.intoMemorySegment(ALL, c + 3 * VECTOR, ORDER);
        c10.intoMemorySegment(ALL, c + cStep, ORDER);
        c11.intoMemorySegment(ALL, c + cStep + VECTOR, ORDER);
        c12.intoMemorySegment(ALL, c + cStep + 2 * VECTOR, ORDER);
        c13.intoMemorySegment(ALL, c + cStep + 3 * VECTOR, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cStep, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cStep + VECTOR, ORDER);
        c22.intoMemorySegment(ALL, c + 2 * cStep + 2 * VECTOR, ORDER);
        c23.intoMemorySegment(ALL, c + 2 * cStep + 3 * VECTOR, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cStep, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cStep + VECTOR, ORDER);
        c32.intoMemorySegment(ALL, c + 3 * cStep + 2 * VECTOR, ORDER);
        c33.intoMemorySegment(ALL, c + 3 * cStep + 3 * VECTOR, ORDER);
    }

    private static void two(long a0, long a1, long a2, long a3, long a4, long a5, long a6, long a7, long terms,
            int depth, long b, long bStep, long start, long startStep, long c, long cStep) {
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
        long r0 = Memory.at(a0);
        long r1 = Memory.at(a1);
        long r2 = Memory.at(a2);
        long r3 = Memory.at(a3);
        long r4 = Memory.at(a4);
        long r5 = Memory.at(a5);
        long r6 = Memory.at(a6);
        long r7 = Memory.at(a7);
        long row = Memory.at(b);
        for (int k = 0; k < depth; k++) {
            long term = Memory.ahead(ALL.get(LONG, terms + 8L * k));
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, row, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, row + VECTOR, ORDER);
            FloatVector f0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r0 + term));
            c00 = f0.fma(b0, c00);
            c01 = f0.fma(b1, c01);
            FloatVector f1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r1 + term));
            c10 = f1.fma(b0, c10);
            c11 = f1.fma(b1, c11);
            FloatVector f2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r2 + term));
            c20 = f2.fma(b0, c20);
            c21 = f2.fma(b1, c21);
            FloatVector f3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r3 + term));
            c30 = f3.fma(b0, c30);
            c31 = f3.fma(b1, c31);
            FloatVector f4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r4 + term));
            c40 = f4.fma(b0, c40);
            c41 = f4.fma(b1, c41);
            FloatVector f5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r5 + term));
            c50 = f5.fma(b0, c50);
            c51 = f5.fma(b1, c51);
            FloatVector f6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r6 + term));
            c60 = f6.fma(b0, c60);
            c61 = f6.fma(b1, c61);
            FloatVector f7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r7 + term));
            c70 = f7.fma(b0, c70);
            c71 = f7.fma(b1, c71);
            row = Memory.at(row + bStep);
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

    private static void one(long a0, long a1, long a2, long a3, long a4, long a5, long a6, long a7, Terms terms, long b,
            long bStep, long start, long startStep, long c, long cStep) {
        FloatVector c00 = FloatVector.fromMemorySegment(LANES, ALL, start, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(LANES, ALL, start + startStep, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(LANES, ALL, start + 2 * startStep, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(LANES, ALL, start + 3 * startStep, ORDER);
        FloatVector c40 = FloatVector.fromMemorySegment(LANES, ALL, start + 4 * startStep, ORDER);
        FloatVector c50 = FloatVector.fromMemorySegment(LANES, ALL, start + 5 * startStep, ORDER);
        FloatVector c60 = FloatVector.fromMemorySegment(LANES, ALL, start + 6 * startStep, ORDER);
        FloatVector c70 = FloatVector.fromMemorySegment(LANES, ALL, start + 7 * startStep, ORDER);
        long r0 = Memory.at(a0);
        long r1 = Memory.at(a1);
        long r2 = Memory.at(a2);
        long r3 = Memory.at(a3);
        long r4 = Memory.at(a4);
        long r5 = Memory.at(a5);
        long r6 = Memory.at(a6);
        long r7 = Memory.at(a7);
        long row = Memory.at(b);
        long runs = terms.runs();
        int length = terms.length();
        long step = Memory.ahead(terms.step());
        for (int run = 0; run < terms.count(); run++) {
            long first = Memory.ahead(ALL.get(LONG, runs + 8L * run));
            for (int k = 0; k < length; k++) {
                long term = first + k * step;
                FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, row, ORDER);
                FloatVector f0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r0 + term));
                c00 = f0.fma(b0, c00);
                FloatVector f1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r1 + term));
                c10 = f1.fma(b0, c10);
                FloatVector f2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r2 + term));
                c20 = f2.fma(b0, c20);
                FloatVector f3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r3 + term));
                c30 = f3.fma(b0, c30);
                FloatVector f4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r4 + term));
                c40 = f4.fma(b0, c40);
                FloatVector f5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r5 + term));
                c50 = f5.fma(b0, c50);
                FloatVector f6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r6 + term));
                c60 = f6.fma(b0, c60);
                FloatVector f7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, r7 + term));
                c70 = f7.fma(b0, c70);
                row = Memory.at(row + bStep);
            }
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
}
