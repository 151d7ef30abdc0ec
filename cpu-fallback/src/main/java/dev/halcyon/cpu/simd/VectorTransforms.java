package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.TileKernels;
import dev.halcyon.cpu.TransformKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Winograd's maps and products in vectors: a lane is a channel. A run that is no multiple of a vector ends with one
 * that overlaps the one before. Everything is written out for the reasons given at {@link VectorTiles}: only calls of
 * the Vector API itself are inlined into a caller of any size, and a load that is not inlined makes an object.
 */
public final class VectorTransforms implements TransformKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final long VECTOR = LANES.vectorByteSize();
    private static final long STEP = TERM_BYTES;
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private static final FloatVector POINT_P = FloatVector.broadcast(LANES, P);
    private static final FloatVector MINUS_P = FloatVector.broadcast(LANES, -P);
    private static final FloatVector POINT_Q = FloatVector.broadcast(LANES, Q);
    private static final FloatVector MINUS_Q = FloatVector.broadcast(LANES, -Q);
    private static final FloatVector P_SQUARE = FloatVector.broadcast(LANES, P * P);
    private static final FloatVector Q_SQUARE = FloatVector.broadcast(LANES, Q * Q);
    private static final FloatVector P_CUBE = FloatVector.broadcast(LANES, P * P * P);
    private static final FloatVector Q_CUBE = FloatVector.broadcast(LANES, Q * Q * Q);
    private static final FloatVector MINUS_P_SQUARE = FloatVector.broadcast(LANES, -(P * P));
    private static final FloatVector MINUS_Q_SQUARE = FloatVector.broadcast(LANES, -(Q * Q));
    private static final FloatVector MINUS_SUM = FloatVector.broadcast(LANES, -(P * P + Q * Q));
    private static final FloatVector PRODUCT = FloatVector.broadcast(LANES, P * P * Q * Q);
    private static final FloatVector ZERO_SHARE = FloatVector.broadcast(LANES, SHARE_ZERO);
    private static final FloatVector P_SHARE = FloatVector.broadcast(LANES, SHARE_P);
    private static final FloatVector Q_SHARE = FloatVector.broadcast(LANES, SHARE_Q);
    private static final FloatVector P_ODD_SHARE = FloatVector.broadcast(LANES, SHARE_P * P);
    private static final FloatVector Q_ODD_SHARE = FloatVector.broadcast(LANES, SHARE_Q * Q);

    /** The kernels keep no state. */
    public VectorTransforms() {
    }

    @Override
    public void map(Map map, Runs from, Runs to, int count, int floats) {
        for (int i = 0; i < count; i++) {
            long source = from.address() + i * from.next();
            long target = to.address() + i * to.next();
            switch (map) {
                case INPUT -> input(source, from.step(), target, to.step(), floats);
                case TAPS -> taps(source, from.step(), target, to.step(), floats);
                case OUTPUT -> output(source, from.step(), target, to.step(), floats);
                case OUTPUT_GRADIENT -> outputGradient(source, from.step(), target, to.step(), floats);
                case TAPS_GRADIENT -> tapsGradient(source, from.step(), target, to.step(), floats);
                case FIVE_TAPS -> fiveTaps(source, from.step(), target, to.step(), floats);
                case TWO_OUTPUTS -> twoOutputs(source, from.step(), target, to.step(), floats);
                case TWO_OUTPUTS_GRADIENT -> twoOutputsGradient(source, from.step(), target, to.step(), floats);
                case FIVE_TAPS_GRADIENT -> fiveTapsGradient(source, from.step(), target, to.step(), floats);
            }
        }
    }

    private static void input(long from, long step, long to, long toStep, int floats) {
        for (int i = 0; i < floats; i += L) {
            long x = 4L * Math.max(0, Math.min(i, floats - L));
            FloatVector d1 = FloatVector.fromMemorySegment(LANES, ALL, from + step + x, ORDER);
            FloatVector d2 = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * step + x, ORDER);
            FloatVector d3 = FloatVector.fromMemorySegment(LANES, ALL, from + 3 * step + x, ORDER);
            FloatVector d4 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * step + x, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, from + x, ORDER).fma(PRODUCT, d2.fma(MINUS_SUM, d4))
                    .intoMemorySegment(ALL, to + x, ORDER);
            FloatVector even = d2.fma(MINUS_Q_SQUARE, d4);
            FloatVector odd = d1.fma(MINUS_Q_SQUARE, d3);
            odd.fma(POINT_P, even).intoMemorySegment(ALL, to + toStep + x, ORDER);
            odd.fma(MINUS_P, even).intoMemorySegment(ALL, to + 2 * toStep + x, ORDER);
            even = d2.fma(MINUS_P_SQUARE, d4);
            odd = d1.fma(MINUS_P_SQUARE, d3);
            odd.fma(POINT_Q, even).intoMemorySegment(ALL, to + 3 * toStep + x, ORDER);
            odd.fma(MINUS_Q, even).intoMemorySegment(ALL, to + 4 * toStep + x, ORDER);
            d1.fma(PRODUCT, d3.fma(MINUS_SUM, FloatVector.fromMemorySegment(LANES, ALL, from + 5 * step + x, ORDER)))
                    .intoMemorySegment(ALL, to + 5 * toStep + x, ORDER);
        }
    }

    private static void taps(long from, long step, long to, long toStep, int floats) {
        for (int i = 0; i < floats; i += L) {
            long x = 4L * Math.max(0, Math.min(i, floats - L));
            FloatVector g0 = FloatVector.fromMemorySegment(LANES, ALL, from + x, ORDER);
            FloatVector g1 = FloatVector.fromMemorySegment(LANES, ALL, from + step + x, ORDER);
            FloatVector g2 = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * step + x, ORDER);
            g0.mul(ZERO_SHARE).intoMemorySegment(ALL, to + x, ORDER);
            FloatVector even = g2.fma(P_SQUARE, g0).mul(P_SHARE);
            FloatVector odd = g1.mul(P_SHARE);
            odd.fma(POINT_P, even).intoMemorySegment(ALL, to + toStep + x, ORDER);
            odd.fma(MINUS_P, even).intoMemorySegment(ALL, to + 2 * toStep + x, ORDER);
            even = g2.fma(Q_SQUARE, g0).mul(Q_SHARE);
            odd = g1.mul(Q_SHARE);
            odd.fma(POINT_Q, even).intoMemorySegment(ALL, to + 3 * toStep + x, ORDER);
            odd.fma(MINUS_Q, even).intoMemorySegment(ALL, to + 4 * toStep + x, ORDER);
            g2.intoMemorySegment(ALL, to + 5 * toStep + x, ORDER);
        }
    }

    private static void output(long from, long step, long to, long toStep, int floats) {
        for (int i = 0; i < floats; i += L) {
            long x = 4L * Math.max(0, Math.min(i, floats - L));
            FloatVector m1 = FloatVector.fromMemorySegment(LANES, ALL, from + step + x, ORDER);
            FloatVector m2 = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * step + x, ORDER);
            FloatVector m3 = FloatVector.fromMemorySegment(LANES, ALL, from + 3 * step + x, ORDER);
            FloatVector m4 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * step + x, ORDER);
            FloatVector evenP = m1.add(m2);
            FloatVector oddP = m1.sub(m2);
            FloatVector evenQ = m3.add(m4);
            FloatVector oddQ = m3.sub(m4);
            FloatVector.fromMemorySegment(LANES, ALL, from + x, ORDER).add(evenP).add(evenQ).intoMemorySegment(ALL,
                    to + x, ORDER);
            oddP.fma(POINT_P, oddQ.mul(POINT_Q)).intoMemorySegment(ALL, to + toStep + x, ORDER);
            evenP.fma(P_SQUARE, evenQ.mul(Q_SQUARE)).intoMemorySegment(ALL, to + 2 * toStep + x, ORDER);
            oddP.fma(P_CUBE, oddQ.fma(Q_CUBE, FloatVector.fromMemorySegment(LANES, ALL, from + 5 * step + x, ORDER)))
                    .intoMemorySegment(ALL, to + 3 * toStep + x, ORDER);
        }
    }

    private static void outputGradient(long from, long step, long to, long toStep, int floats) {
        for (int i = 0; i < floats; i += L) {
            long x = 4L * Math.max(0, Math.min(i, floats - L));
            FloatVector y0 = FloatVector.fromMemorySegment(LANES, ALL, from + x, ORDER);
            FloatVector y1 = FloatVector.fromMemorySegment(LANES, ALL, from + step + x, ORDER);
            FloatVector y2 = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * step + x, ORDER);
            FloatVector y3 = FloatVector.fromMemorySegment(LANES, ALL, from + 3 * step + x, ORDER);
            y0.intoMemorySegment(ALL, to + x, ORDER);
            FloatVector even = y2.fma(P_SQUARE, y0);
            FloatVector odd = y3.fma(P_SQUARE, y1);
            odd.fma(POINT_P, even).intoMemorySegment(ALL, to + toStep + x, ORDER);
            odd.fma(MINUS_P, even).intoMemorySegment(ALL, to + 2 * toStep + x, ORDER);
            even = y2.fma(Q_SQUARE, y0);
            odd = y3.fma(Q_SQUARE, y1);
            odd.fma(POINT_Q, even).intoMemorySegment(ALL, to + 3 * toStep + x, ORDER);
            odd.fma(MINUS_Q, even).intoMemorySegment(ALL, to + 4 * toStep + x, ORDER);
            y3.intoMemorySegment(ALL, to + 5 * toStep + x, ORDER);
        }
    }

    private static void tapsGradient(long from, long step, long to, long toStep, int floats) {
        for (int i = 0; i < floats; i += L) {
            long x = 4L * Math.max(0, Math.min(i, floats - L));
            FloatVector m1 = FloatVector.fromMemorySegment(LANES, ALL, from + step + x, ORDER);
            FloatVector m2 = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * step + x, ORDER);
            FloatVector m3 = FloatVector.fromMemorySegment(LANES, ALL, from + 3 * step + x, ORDER);
            FloatVector m4 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * step + x, ORDER);
            FloatVector evenP = m1.add(m2).mul(P_SHARE);
            FloatVector oddP = m1.sub(m2).mul(P_SHARE);
            FloatVector evenQ = m3.add(m4).mul(Q_SHARE);
            FloatVector oddQ = m3.sub(m4).mul(Q_SHARE);
            FloatVector.fromMemorySegment(LANES, ALL, from + x, ORDER).fma(ZERO_SHARE, evenP.add(evenQ))
                    .intoMemorySegment(ALL, to + x, ORDER);
            oddP.fma(POINT_P, oddQ.mul(POINT_Q)).intoMemorySegment(ALL, to + toStep + x, ORDER);
            evenP.fma(P_SQUARE,
                    evenQ.fma(Q_SQUARE, FloatVector.fromMemorySegment(LANES, ALL, from + 5 * step + x, ORDER)))
                    .intoMemorySegment(ALL, to + 2 * toStep + x, ORDER);
        }
    }

    private static void fiveTaps(long from, long step, long to, long toStep, int floats) {
        for (int i = 0; i < floats; i += L) {
            long x = 4L * Math.max(0, Math.min(i, floats - L));
            FloatVector g0 = FloatVector.fromMemorySegment(LANES, ALL, from + x, ORDER);
            FloatVector g1 = FloatVector.fromMemorySegment(LANES, ALL, from + step + x, ORDER);
            FloatVector g2 = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * step + x, ORDER);
            FloatVector g3 = FloatVector.fromMemorySegment(LANES, ALL, from + 3 * step + x, ORDER);
            FloatVector g4 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * step + x, ORDER);
            g0.mul(ZERO_SHARE).intoMemorySegment(ALL, to + x, ORDER);
            FloatVector even = g4.fma(P_SQUARE, g2).fma(P_SQUARE, g0).mul(P_SHARE);
            FloatVector odd = g3.fma(P_SQUARE, g1).mul(P_SHARE);
            odd.fma(POINT_P, even).intoMemorySegment(ALL, to + toStep + x, ORDER);
            odd.fma(MINUS_P, even).intoMemorySegment(ALL, to + 2 * toStep + x, ORDER);
            even = g4.fma(Q_SQUARE, g2).fma(Q_SQUARE, g0).mul(Q_SHARE);
            odd = g3.fma(Q_SQUARE, g1).mul(Q_SHARE);
            odd.fma(POINT_Q, even).intoMemorySegment(ALL, to + 3 * toStep + x, ORDER);
            odd.fma(MINUS_Q, even).intoMemorySegment(ALL, to + 4 * toStep + x, ORDER);
            g4.intoMemorySegment(ALL, to + 5 * toStep + x, ORDER);
        }
    }

    private static void twoOutputs(long from, long step, long to, long toStep, int floats) {
        for (int i = 0; i < floats; i += L) {
            long x = 4L * Math.max(0, Math.min(i, floats - L));
            FloatVector m1 = FloatVector.fromMemorySegment(LANES, ALL, from + step + x, ORDER);
            FloatVector m2 = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * step + x, ORDER);
            FloatVector m3 = FloatVector.fromMemorySegment(LANES, ALL, from + 3 * step + x, ORDER);
            FloatVector m4 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * step + x, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, from + x, ORDER).add(m1.add(m2)).add(m3.add(m4))
                    .intoMemorySegment(ALL, to + x, ORDER);
            FloatVector last = FloatVector.fromMemorySegment(LANES, ALL, from + 5 * step + x, ORDER);
            m1.sub(m2).fma(POINT_P, m3.sub(m4).fma(POINT_Q, last)).intoMemorySegment(ALL, to + toStep + x, ORDER);
        }
    }

    private static void twoOutputsGradient(long from, long step, long to, long toStep, int floats) {
        for (int i = 0; i < floats; i += L) {
            long x = 4L * Math.max(0, Math.min(i, floats - L));
            FloatVector y0 = FloatVector.fromMemorySegment(LANES, ALL, from + x, ORDER);
            FloatVector y1 = FloatVector.fromMemorySegment(LANES, ALL, from + step + x, ORDER);
            y0.intoMemorySegment(ALL, to + x, ORDER);
            y1.fma(POINT_P, y0).intoMemorySegment(ALL, to + toStep + x, ORDER);
            y1.fma(MINUS_P, y0).intoMemorySegment(ALL, to + 2 * toStep + x, ORDER);
            y1.fma(POINT_Q, y0).intoMemorySegment(ALL, to + 3 * toStep + x, ORDER);
            y1.fma(MINUS_Q, y0).intoMemorySegment(ALL, to + 4 * toStep + x, ORDER);
            y1.intoMemorySegment(ALL, to + 5 * toStep + x, ORDER);
        }
    }

    private static void fiveTapsGradient(long from, long step, long to, long toStep, int floats) {
        for (int i = 0; i < floats; i += L) {
            long x = 4L * Math.max(0, Math.min(i, floats - L));
            FloatVector m1 = FloatVector.fromMemorySegment(LANES, ALL, from + step + x, ORDER);
            FloatVector m2 = FloatVector.fromMemorySegment(LANES, ALL, from + 2 * step + x, ORDER);
            FloatVector m3 = FloatVector.fromMemorySegment(LANES, ALL, from + 3 * step + x, ORDER);
            FloatVector m4 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * step + x, ORDER);
            FloatVector evenP = m1.add(m2).mul(P_SHARE);
            FloatVector oddP = m1.sub(m2).mul(P_ODD_SHARE);
            FloatVector evenQ = m3.add(m4).mul(Q_SHARE);
            FloatVector oddQ = m3.sub(m4).mul(Q_ODD_SHARE);
            FloatVector.fromMemorySegment(LANES, ALL, from + x, ORDER).fma(ZERO_SHARE, evenP.add(evenQ))
                    .intoMemorySegment(ALL, to + x, ORDER);
            oddP.add(oddQ).intoMemorySegment(ALL, to + toStep + x, ORDER);
            FloatVector squareP = evenP.mul(P_SQUARE);
            FloatVector squareQ = evenQ.mul(Q_SQUARE);
            squareP.add(squareQ).intoMemorySegment(ALL, to + 2 * toStep + x, ORDER);
            oddP.fma(P_SQUARE, oddQ.mul(Q_SQUARE)).intoMemorySegment(ALL, to + 3 * toStep + x, ORDER);
            FloatVector last = FloatVector.fromMemorySegment(LANES, ALL, from + 5 * step + x, ORDER);
            squareP.fma(P_SQUARE, squareQ.fma(Q_SQUARE, last)).intoMemorySegment(ALL, to + 4 * toStep + x, ORDER);
        }
    }

    @Override
    public void addProducts(int vectors, long a, long b, int depth, long start, long startStep, long c, long cStep) {
        if (vectors == 2) {
            wide(a, b, depth, start, startStep, c, cStep);
        } else {
            narrow(a, b, depth, start, startStep, c, cStep);
        }
    }

    private static void wide(long a, long b, int depth, long start, long startStep, long c, long cStep) {
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
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, right + STEP * i, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(LANES, ALL, right + STEP * i + VECTOR, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i));
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 4));
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 8));
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 12));
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 16));
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 20));
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 24));
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 28));
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

    private static void narrow(long a, long b, int depth, long start, long startStep, long c, long cStep) {
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
            FloatVector b0 = FloatVector.fromMemorySegment(LANES, ALL, right + STEP * i, ORDER);
            FloatVector a0 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i));
            c00 = a0.fma(b0, c00);
            FloatVector a1 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 4));
            c10 = a1.fma(b0, c10);
            FloatVector a2 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 8));
            c20 = a2.fma(b0, c20);
            FloatVector a3 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 12));
            c30 = a3.fma(b0, c30);
            FloatVector a4 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 16));
            c40 = a4.fma(b0, c40);
            FloatVector a5 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 20));
            c50 = a5.fma(b0, c50);
            FloatVector a6 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 24));
            c60 = a6.fma(b0, c60);
            FloatVector a7 = FloatVector.broadcast(LANES, ALL.get(FLOAT, left + STEP * i + 28));
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
