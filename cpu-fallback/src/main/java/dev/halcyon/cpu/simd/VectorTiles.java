package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.TileKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles in vector registers, written out: accumulators are local variables so that the compiler keeps each in a
 * register. With 512-bit vectors there are 32 of them, else 16, and each tile leaves a few for B and the broadcast
 * element of A. Each method is small enough for every tier of the JIT compiler.
 */
public final class VectorTiles implements TileKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final long VECTOR = LANES.vectorByteSize();
    private static final boolean WIDE = LANES.vectorBitSize() == 512;
    private static final Tile[] TILES = WIDE
            ? new Tile[] {new Tile(6, 4 * LANES.length()), new Tile(8, 2 * LANES.length()),
                new Tile(8, LANES.length())}
            : new Tile[] {new Tile(6, 2 * LANES.length()), new Tile(8, LANES.length())};

    /** The kernels keep no state. */
    public VectorTiles() {
    }

    @Override
    public Tile[] tiles() {
        return TILES.clone();
    }

    @Override
    public void multiply(int tile, long plan, int segments, long aStep, long bStep, long c, int rows, int columns,
            boolean accumulate) {
        if (tile == TILES.length - 1) {
            eightByOne(plan, segments, aStep, bStep, c, rows, columns, accumulate);
        } else if (!WIDE) {
            sixByTwo(plan, segments, aStep, bStep, c, rows, accumulate);
        } else if (tile == 0) {
            sixByFour(plan, segments, aStep, bStep, c, rows, accumulate);
        } else {
            eightByTwo(plan, segments, aStep, bStep, c, rows, accumulate);
        }
    }

    private static void sixByFour(long plan, int segments, long aStep, long bStep, long c, int rows,
            boolean accumulate) {
        FloatVector c00 = FloatVector.zero(LANES);
        FloatVector c01 = FloatVector.zero(LANES);
        FloatVector c02 = FloatVector.zero(LANES);
        FloatVector c03 = FloatVector.zero(LANES);
        FloatVector c10 = FloatVector.zero(LANES);
        FloatVector c11 = FloatVector.zero(LANES);
        FloatVector c12 = FloatVector.zero(LANES);
        FloatVector c13 = FloatVector.zero(LANES);
        FloatVector c20 = FloatVector.zero(LANES);
        FloatVector c21 = FloatVector.zero(LANES);
        FloatVector c22 = FloatVector.zero(LANES);
        FloatVector c23 = FloatVector.zero(LANES);
        FloatVector c30 = FloatVector.zero(LANES);
        FloatVector c31 = FloatVector.zero(LANES);
        FloatVector c32 = FloatVector.zero(LANES);
        FloatVector c33 = FloatVector.zero(LANES);
        FloatVector c40 = FloatVector.zero(LANES);
        FloatVector c41 = FloatVector.zero(LANES);
        FloatVector c42 = FloatVector.zero(LANES);
        FloatVector c43 = FloatVector.zero(LANES);
        FloatVector c50 = FloatVector.zero(LANES);
        FloatVector c51 = FloatVector.zero(LANES);
        FloatVector c52 = FloatVector.zero(LANES);
        FloatVector c53 = FloatVector.zero(LANES);
        for (int segment = 0; segment < segments; segment++) {
            long entry = plan + 64L * segment;
            long end = Memory.getLong(entry) * aStep;
            long b = Memory.getLong(entry + 8);
            long a0 = Memory.getLong(entry + 16);
            long a1 = Memory.getLong(entry + 24);
            long a2 = Memory.getLong(entry + 32);
            long a3 = Memory.getLong(entry + 40);
            long a4 = Memory.getLong(entry + 48);
            long a5 = Memory.getLong(entry + 56);
            for (long k = 0; k < end; k += aStep) {
                FloatVector b0 = FloatVector.fromMemorySegment(LANES, Memory.ALL, b, Memory.ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(LANES, Memory.ALL, b + VECTOR, Memory.ORDER);
                FloatVector b2 = FloatVector.fromMemorySegment(LANES, Memory.ALL, b + 2 * VECTOR, Memory.ORDER);
                FloatVector b3 = FloatVector.fromMemorySegment(LANES, Memory.ALL, b + 3 * VECTOR, Memory.ORDER);
                FloatVector x0 = FloatVector.broadcast(LANES, Memory.getFloat(a0 + k));
                c00 = x0.fma(b0, c00);
                c01 = x0.fma(b1, c01);
                c02 = x0.fma(b2, c02);
                c03 = x0.fma(b3, c03);
                FloatVector x1 = FloatVector.broadcast(LANES, Memory.getFloat(a1 + k));
                c10 = x1.fma(b0, c10);
                c11 = x1.fma(b1, c11);
                c12 = x1.fma(b2, c12);
                c13 = x1.fma(b3, c13);
                FloatVector x2 = FloatVector.broadcast(LANES, Memory.getFloat(a2 + k));
                c20 = x2.fma(b0, c20);
                c21 = x2.fma(b1, c21);
                c22 = x2.fma(b2, c22);
                c23 = x2.fma(b3, c23);
                FloatVector x3 = FloatVector.broadcast(LANES, Memory.getFloat(a3 + k));
                c30 = x3.fma(b0, c30);
                c31 = x3.fma(b1, c31);
                c32 = x3.fma(b2, c32);
                c33 = x3.fma(b3, c33);
                FloatVector x4 = FloatVector.broadcast(LANES, Memory.getFloat(a4 + k));
                c40 = x4.fma(b0, c40);
                c41 = x4.fma(b1, c41);
                c42 = x4.fma(b2, c42);
                c43 = x4.fma(b3, c43);
                FloatVector x5 = FloatVector.broadcast(LANES, Memory.getFloat(a5 + k));
                c50 = x5.fma(b0, c50);
                c51 = x5.fma(b1, c51);
                c52 = x5.fma(b2, c52);
                c53 = x5.fma(b3, c53);
                b += bStep;
            }
        }
        store(Memory.getLong(c), c00, accumulate);
        store(Memory.getLong(c) + VECTOR, c01, accumulate);
        store(Memory.getLong(c) + 2 * VECTOR, c02, accumulate);
        store(Memory.getLong(c) + 3 * VECTOR, c03, accumulate);
        if (rows > 1) {
            store(Memory.getLong(c + 8), c10, accumulate);
            store(Memory.getLong(c + 8) + VECTOR, c11, accumulate);
            store(Memory.getLong(c + 8) + 2 * VECTOR, c12, accumulate);
            store(Memory.getLong(c + 8) + 3 * VECTOR, c13, accumulate);
        }
        if (rows > 2) {
            store(Memory.getLong(c + 16), c20, accumulate);
            store(Memory.getLong(c + 16) + VECTOR, c21, accumulate);
            store(Memory.getLong(c + 16) + 2 * VECTOR, c22, accumulate);
            store(Memory.getLong(c + 16) + 3 * VECTOR, c23, accumulate);
        }
        if (rows > 3) {
            store(Memory.getLong(c + 24), c30, accumulate);
            store(Memory.getLong(c + 24) + VECTOR, c31, accumulate);
            store(Memory.getLong(c + 24) + 2 * VECTOR, c32, accumulate);
            store(Memory.getLong(c + 24) + 3 * VECTOR, c33, accumulate);
        }
        if (rows > 4) {
            store(Memory.getLong(c + 32), c40, accumulate);
            store(Memory.getLong(c + 32) + VECTOR, c41, accumulate);
            store(Memory.getLong(c + 32) + 2 * VECTOR, c42, accumulate);
            store(Memory.getLong(c + 32) + 3 * VECTOR, c43, accumulate);
        }
        if (rows > 5) {
            store(Memory.getLong(c + 40), c50, accumulate);
            store(Memory.getLong(c + 40) + VECTOR, c51, accumulate);
            store(Memory.getLong(c + 40) + 2 * VECTOR, c52, accumulate);
            store(Memory.getLong(c + 40) + 3 * VECTOR, c53, accumulate);
        }
    }

    private static void eightByTwo(long plan, int segments, long aStep, long bStep, long c, int rows,
            boolean accumulate) {
        FloatVector c00 = FloatVector.zero(LANES);
        FloatVector c01 = FloatVector.zero(LANES);
        FloatVector c10 = FloatVector.zero(LANES);
        FloatVector c11 = FloatVector.zero(LANES);
        FloatVector c20 = FloatVector.zero(LANES);
        FloatVector c21 = FloatVector.zero(LANES);
        FloatVector c30 = FloatVector.zero(LANES);
        FloatVector c31 = FloatVector.zero(LANES);
        FloatVector c40 = FloatVector.zero(LANES);
        FloatVector c41 = FloatVector.zero(LANES);
        FloatVector c50 = FloatVector.zero(LANES);
        FloatVector c51 = FloatVector.zero(LANES);
        FloatVector c60 = FloatVector.zero(LANES);
        FloatVector c61 = FloatVector.zero(LANES);
        FloatVector c70 = FloatVector.zero(LANES);
        FloatVector c71 = FloatVector.zero(LANES);
        for (int segment = 0; segment < segments; segment++) {
            long entry = plan + 80L * segment;
            long end = Memory.getLong(entry) * aStep;
            long b = Memory.getLong(entry + 8);
            long a0 = Memory.getLong(entry + 16);
            long a1 = Memory.getLong(entry + 24);
            long a2 = Memory.getLong(entry + 32);
            long a3 = Memory.getLong(entry + 40);
            long a4 = Memory.getLong(entry + 48);
            long a5 = Memory.getLong(entry + 56);
            long a6 = Memory.getLong(entry + 64);
            long a7 = Memory.getLong(entry + 72);
            for (long k = 0; k < end; k += aStep) {
                FloatVector b0 = FloatVector.fromMemorySegment(LANES, Memory.ALL, b, Memory.ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(LANES, Memory.ALL, b + VECTOR, Memory.ORDER);
                FloatVector x0 = FloatVector.broadcast(LANES, Memory.getFloat(a0 + k));
                c00 = x0.fma(b0, c00);
                c01 = x0.fma(b1, c01);
                FloatVector x1 = FloatVector.broadcast(LANES, Memory.getFloat(a1 + k));
                c10 = x1.fma(b0, c10);
                c11 = x1.fma(b1, c11);
                FloatVector x2 = FloatVector.broadcast(LANES, Memory.getFloat(a2 + k));
                c20 = x2.fma(b0, c20);
                c21 = x2.fma(b1, c21);
                FloatVector x3 = FloatVector.broadcast(LANES, Memory.getFloat(a3 + k));
                c30 = x3.fma(b0, c30);
                c31 = x3.fma(b1, c31);
                FloatVector x4 = FloatVector.broadcast(LANES, Memory.getFloat(a4 + k));
                c40 = x4.fma(b0, c40);
                c41 = x4.fma(b1, c41);
                FloatVector x5 = FloatVector.broadcast(LANES, Memory.getFloat(a5 + k));
                c50 = x5.fma(b0, c50);
                c51 = x5.fma(b1, c51);
                FloatVector x6 = FloatVector.broadcast(LANES, Memory.getFloat(a6 + k));
                c60 = x6.fma(b0, c60);
                c61 = x6.fma(b1, c61);
                FloatVector x7 = FloatVector.broadcast(LANES, Memory.getFloat(a7 + k));
                c70 = x7.fma(b0, c70);
                c71 = x7.fma(b1, c71);
                b += bStep;
            }
        }
        store(Memory.getLong(c), c00, accumulate);
        store(Memory.getLong(c) + VECTOR, c01, accumulate);
        if (rows > 1) {
            store(Memory.getLong(c + 8), c10, accumulate);
            store(Memory.getLong(c + 8) + VECTOR, c11, accumulate);
        }
        if (rows > 2) {
            store(Memory.getLong(c + 16), c20, accumulate);
            store(Memory.getLong(c + 16) + VECTOR, c21, accumulate);
        }
        if (rows > 3) {
            store(Memory.getLong(c + 24), c30, accumulate);
            store(Memory.getLong(c + 24) + VECTOR, c31, accumulate);
        }
        if (rows > 4) {
            store(Memory.getLong(c + 32), c40, accumulate);
            store(Memory.getLong(c + 32) + VECTOR, c41, accumulate);
        }
        if (rows > 5) {
            store(Memory.getLong(c + 40), c50, accumulate);
            store(Memory.getLong(c + 40) + VECTOR, c51, accumulate);
        }
        if (rows > 6) {
            store(Memory.getLong(c + 48), c60, accumulate);
            store(Memory.getLong(c + 48) + VECTOR, c61, accumulate);
        }
        if (rows > 7) {
            store(Memory.getLong(c + 56), c70, accumulate);
            store(Memory.getLong(c + 56) + VECTOR, c71, accumulate);
        }
    }

    private static void sixByTwo(long plan, int segments, long aStep, long bStep, long c, int rows,
            boolean accumulate) {
        FloatVector c00 = FloatVector.zero(LANES);
        FloatVector c01 = FloatVector.zero(LANES);
        FloatVector c10 = FloatVector.zero(LANES);
        FloatVector c11 = FloatVector.zero(LANES);
        FloatVector c20 = FloatVector.zero(LANES);
        FloatVector c21 = FloatVector.zero(LANES);
        FloatVector c30 = FloatVector.zero(LANES);
        FloatVector c31 = FloatVector.zero(LANES);
        FloatVector c40 = FloatVector.zero(LANES);
        FloatVector c41 = FloatVector.zero(LANES);
        FloatVector c50 = FloatVector.zero(LANES);
        FloatVector c51 = FloatVector.zero(LANES);
        for (int segment = 0; segment < segments; segment++) {
            long entry = plan + 64L * segment;
            long end = Memory.getLong(entry) * aStep;
            long b = Memory.getLong(entry + 8);
            long a0 = Memory.getLong(entry + 16);
            long a1 = Memory.getLong(entry + 24);
            long a2 = Memory.getLong(entry + 32);
            long a3 = Memory.getLong(entry + 40);
            long a4 = Memory.getLong(entry + 48);
            long a5 = Memory.getLong(entry + 56);
            for (long k = 0; k < end; k += aStep) {
                FloatVector b0 = FloatVector.fromMemorySegment(LANES, Memory.ALL, b, Memory.ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(LANES, Memory.ALL, b + VECTOR, Memory.ORDER);
                FloatVector x0 = FloatVector.broadcast(LANES, Memory.getFloat(a0 + k));
                c00 = x0.fma(b0, c00);
                c01 = x0.fma(b1, c01);
                FloatVector x1 = FloatVector.broadcast(LANES, Memory.getFloat(a1 + k));
                c10 = x1.fma(b0, c10);
                c11 = x1.fma(b1, c11);
                FloatVector x2 = FloatVector.broadcast(LANES, Memory.getFloat(a2 + k));
                c20 = x2.fma(b0, c20);
                c21 = x2.fma(b1, c21);
                FloatVector x3 = FloatVector.broadcast(LANES, Memory.getFloat(a3 + k));
                c30 = x3.fma(b0, c30);
                c31 = x3.fma(b1, c31);
                FloatVector x4 = FloatVector.broadcast(LANES, Memory.getFloat(a4 + k));
                c40 = x4.fma(b0, c40);
                c41 = x4.fma(b1, c41);
                FloatVector x5 = FloatVector.broadcast(LANES, Memory.getFloat(a5 + k));
                c50 = x5.fma(b0, c50);
                c51 = x5.fma(b1, c51);
                b += bStep;
            }
        }
        store(Memory.getLong(c), c00, accumulate);
        store(Memory.getLong(c) + VECTOR, c01, accumulate);
        if (rows > 1) {
            store(Memory.getLong(c + 8), c10, accumulate);
            store(Memory.getLong(c + 8) + VECTOR, c11, accumulate);
        }
        if (rows > 2) {
            store(Memory.getLong(c + 16), c20, accumulate);
            store(Memory.getLong(c + 16) + VECTOR, c21, accumulate);
        }
        if (rows > 3) {
            store(Memory.getLong(c + 24), c30, accumulate);
            store(Memory.getLong(c + 24) + VECTOR, c31, accumulate);
        }
        if (rows > 4) {
            store(Memory.getLong(c + 32), c40, accumulate);
            store(Memory.getLong(c + 32) + VECTOR, c41, accumulate);
        }
        if (rows > 5) {
            store(Memory.getLong(c + 40), c50, accumulate);
            store(Memory.getLong(c + 40) + VECTOR, c51, accumulate);
        }
    }

    private static void eightByOne(long plan, int segments, long aStep, long bStep, long c, int rows,
            int columns, boolean accumulate) {
        VectorMask<Float> mask = LANES.indexInRange(0, columns);
        FloatVector c0 = FloatVector.zero(LANES);
        FloatVector c1 = FloatVector.zero(LANES);
        FloatVector c2 = FloatVector.zero(LANES);
        FloatVector c3 = FloatVector.zero(LANES);
        FloatVector c4 = FloatVector.zero(LANES);
        FloatVector c5 = FloatVector.zero(LANES);
        FloatVector c6 = FloatVector.zero(LANES);
        FloatVector c7 = FloatVector.zero(LANES);
        for (int segment = 0; segment < segments; segment++) {
            long entry = plan + 80L * segment;
            long end = Memory.getLong(entry) * aStep;
            long b = Memory.getLong(entry + 8);
            long a0 = Memory.getLong(entry + 16);
            long a1 = Memory.getLong(entry + 24);
            long a2 = Memory.getLong(entry + 32);
            long a3 = Memory.getLong(entry + 40);
            long a4 = Memory.getLong(entry + 48);
            long a5 = Memory.getLong(entry + 56);
            long a6 = Memory.getLong(entry + 64);
            long a7 = Memory.getLong(entry + 72);
            for (long k = 0; k < end; k += aStep) {
                FloatVector b0 = FloatVector.fromMemorySegment(LANES, Memory.ALL, b, Memory.ORDER, mask);
                FloatVector x0 = FloatVector.broadcast(LANES, Memory.getFloat(a0 + k));
                c0 = x0.fma(b0, c0);
                FloatVector x1 = FloatVector.broadcast(LANES, Memory.getFloat(a1 + k));
                c1 = x1.fma(b0, c1);
                FloatVector x2 = FloatVector.broadcast(LANES, Memory.getFloat(a2 + k));
                c2 = x2.fma(b0, c2);
                FloatVector x3 = FloatVector.broadcast(LANES, Memory.getFloat(a3 + k));
                c3 = x3.fma(b0, c3);
                FloatVector x4 = FloatVector.broadcast(LANES, Memory.getFloat(a4 + k));
                c4 = x4.fma(b0, c4);
                FloatVector x5 = FloatVector.broadcast(LANES, Memory.getFloat(a5 + k));
                c5 = x5.fma(b0, c5);
                FloatVector x6 = FloatVector.broadcast(LANES, Memory.getFloat(a6 + k));
                c6 = x6.fma(b0, c6);
                FloatVector x7 = FloatVector.broadcast(LANES, Memory.getFloat(a7 + k));
                c7 = x7.fma(b0, c7);
                b += bStep;
            }
        }
        store(Memory.getLong(c), c0, mask, accumulate);
        if (rows > 1) {
            store(Memory.getLong(c + 8), c1, mask, accumulate);
        }
        if (rows > 2) {
            store(Memory.getLong(c + 16), c2, mask, accumulate);
        }
        if (rows > 3) {
            store(Memory.getLong(c + 24), c3, mask, accumulate);
        }
        if (rows > 4) {
            store(Memory.getLong(c + 32), c4, mask, accumulate);
        }
        if (rows > 5) {
            store(Memory.getLong(c + 40), c5, mask, accumulate);
        }
        if (rows > 6) {
            store(Memory.getLong(c + 48), c6, mask, accumulate);
        }
        if (rows > 7) {
            store(Memory.getLong(c + 56), c7, mask, accumulate);
        }
    }

    private static void store(long address, FloatVector sum, boolean accumulate) {
        FloatVector result = accumulate
                ? sum.add(FloatVector.fromMemorySegment(LANES, Memory.ALL, address, Memory.ORDER))
                : sum;
        result.intoMemorySegment(Memory.ALL, address, Memory.ORDER);
    }

    private static void store(long address, FloatVector sum, VectorMask<Float> mask, boolean accumulate) {
        FloatVector result = accumulate
                ? sum.add(FloatVector.fromMemorySegment(LANES, Memory.ALL, address, Memory.ORDER, mask))
                : sum;
        result.intoMemorySegment(Memory.ALL, address, Memory.ORDER, mask);
    }
}
