package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes sixteen columns at a time. Zipping vector i with vector i + 8, four times over, brings the sixteen values
 * of each row together, in order, whatever the number of lanes (up to sixteen).
 */
final class VectorTranspose {
    /** Columns of a block. */
    static final int COLUMNS = 16;

    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final long VECTOR = LANES.vectorByteSize();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    /** Vectors of a row. */
    private static final int PARTS = COLUMNS / L;
    private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(LANES, 0);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(LANES, 1);

    private VectorTranspose() {
    }

    /** to[k][j] = from[j][k] for j below {@code columns} and k below {@code depth}. */
    static void matrix(long from, long fromStep, int columns, int depth, long to, long toStep) {
        if (columns < COLUMNS || depth < L) {
            few(from, fromStep, columns, depth, to, toStep);
            return;
        }
        for (int j = 0; j < columns; j += COLUMNS) {
            int column = Math.min(j, columns - COLUMNS);
            block(from + column * fromStep, fromStep, depth, to + 4L * column, toStep);
        }
    }

    private static void few(long from, long fromStep, int columns, int depth, long to, long toStep) {
        int j = 0;
        for (; j + 4 <= columns; j += 4) {
            four(from + j * fromStep, fromStep, depth, to + 4L * j, toStep);
        }
        for (; j < columns; j++) {
            for (int k = 0; k < depth; k++) {
                ALL.set(FLOAT, to + k * toStep + 4L * j, ALL.get(FLOAT, from + j * fromStep + 4L * k));
            }
        }
    }

    private static void four(long from, long fromStep, int depth, long to, long toStep) {
        long ahead = Memory.ahead(fromStep);
        for (int k = 0; k < depth; k++) {
            long source = Memory.at(from + 4L * k);
            long target = Memory.at(to + k * toStep);
            ALL.set(FLOAT, target, ALL.get(FLOAT, source));
            ALL.set(FLOAT, target + 4, ALL.get(FLOAT, source + ahead));
            ALL.set(FLOAT, target + 8, ALL.get(FLOAT, source + 2 * ahead));
            ALL.set(FLOAT, target + 12, ALL.get(FLOAT, source + 3 * ahead));
        }
    }

    /**
     * to[k][j] = from[j][k] for j below {@link #COLUMNS} and k below {@code depth}, at least the lanes. What fills no
     * vector is transposed together with some before it once more.
     *
     * @param fromStep bytes from j to j + 1
     * @param toStep bytes from k to k + 1
     */
    static void block(long from, long fromStep, int depth, long to, long toStep) {
        long ahead = Memory.ahead(fromStep);
        long toNext = Memory.ahead(toStep);
        for (int i = 0; i < depth; i += L) {
            int k = Math.min(i, depth - L);
            long source = Memory.at(from + 4L * k);
            long target = Memory.at(to + k * toStep);
            FloatVector x0 = FloatVector.fromMemorySegment(LANES, ALL, source, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(LANES, ALL, source + ahead, ORDER);
            FloatVector x2 = FloatVector.fromMemorySegment(LANES, ALL, source + 2 * ahead, ORDER);
            FloatVector x3 = FloatVector.fromMemorySegment(LANES, ALL, source + 3 * ahead, ORDER);
            FloatVector x4 = FloatVector.fromMemorySegment(LANES, ALL, source + 4 * ahead, ORDER);
            FloatVector x5 = FloatVector.fromMemorySegment(LANES, ALL, source + 5 * ahead, ORDER);
            FloatVector x6 = FloatVector.fromMemorySegment(LANES, ALL, source + 6 * ahead, ORDER);
            FloatVector x7 = FloatVector.fromMemorySegment(LANES, ALL, source + 7 * ahead, ORDER);
            FloatVector x8 = FloatVector.fromMemorySegment(LANES, ALL, source + 8 * ahead, ORDER);
            FloatVector x9 = FloatVector.fromMemorySegment(LANES, ALL, source + 9 * ahead, ORDER);
            FloatVector x10 = FloatVector.fromMemorySegment(LANES, ALL, source + 10 * ahead, ORDER);
            FloatVector x11 = FloatVector.fromMemorySegment(LANES, ALL, source + 11 * ahead, ORDER);
            FloatVector x12 = FloatVector.fromMemorySegment(LANES, ALL, source + 12 * ahead, ORDER);
            FloatVector x13 = FloatVector.fromMemorySegment(LANES, ALL, source + 13 * ahead, ORDER);
            FloatVector x14 = FloatVector.fromMemorySegment(LANES, ALL, source + 14 * ahead, ORDER);
            FloatVector x15 = FloatVector.fromMemorySegment(LANES, ALL, source + 15 * ahead, ORDER);
            FloatVector p0 = x0.rearrange(LOW, x8);
            FloatVector p1 = x0.rearrange(HIGH, x8);
            FloatVector p2 = x1.rearrange(LOW, x9);
            FloatVector p3 = x1.rearrange(HIGH, x9);
            FloatVector p4 = x2.rearrange(LOW, x10);
            FloatVector p5 = x2.rearrange(HIGH, x10);
            FloatVector p6 = x3.rearrange(LOW, x11);
            FloatVector p7 = x3.rearrange(HIGH, x11);
            FloatVector p8 = x4.rearrange(LOW, x12);
            FloatVector p9 = x4.rearrange(HIGH, x12);
            FloatVector p10 = x5.rearrange(LOW, x13);
            FloatVector p11 = x5.rearrange(HIGH, x13);
            FloatVector p12 = x6.rearrange(LOW, x14);
            FloatVector p13 = x6.rearrange(HIGH, x14);
            FloatVector p14 = x7.rearrange(LOW, x15);
            FloatVector p15 = x7.rearrange(HIGH, x15);
            FloatVector q0 = p0.rearrange(LOW, p8);
            FloatVector q1 = p0.rearrange(HIGH, p8);
            FloatVector q2 = p1.rearrange(LOW, p9);
            FloatVector q3 = p1.rearrange(HIGH, p9);
            FloatVector q4 = p2.rearrange(LOW, p10);
            FloatVector q5 = p2.rearrange(HIGH, p10);
            FloatVector q6 = p3.rearrange(LOW, p11);
            FloatVector q7 = p3.rearrange(HIGH, p11);
            FloatVector q8 = p4.rearrange(LOW, p12);
            FloatVector q9 = p4.rearrange(HIGH, p12);
            FloatVector q10 = p5.rearrange(LOW, p13);
            FloatVector q11 = p5.rearrange(HIGH, p13);
            FloatVector q12 = p6.rearrange(LOW, p14);
            FloatVector q13 = p6.rearrange(HIGH, p14);
            FloatVector q14 = p7.rearrange(LOW, p15);
            FloatVector q15 = p7.rearrange(HIGH, p15);
            FloatVector r0 = q0.rearrange(LOW, q8);
            FloatVector r1 = q0.rearrange(HIGH, q8);
            FloatVector r2 = q1.rearrange(LOW, q9);
            FloatVector r3 = q1.rearrange(HIGH, q9);
            FloatVector r4 = q2.rearrange(LOW, q10);
            FloatVector r5 = q2.rearrange(HIGH, q10);
            FloatVector r6 = q3.rearrange(LOW, q11);
            FloatVector r7 = q3.rearrange(HIGH, q11);
            FloatVector r8 = q4.rearrange(LOW, q12);
            FloatVector r9 = q4.rearrange(HIGH, q12);
            FloatVector r10 = q5.rearrange(LOW, q13);
            FloatVector r11 = q5.rearrange(HIGH, q13);
            FloatVector r12 = q6.rearrange(LOW, q14);
            FloatVector r13 = q6.rearrange(HIGH, q14);
            FloatVector r14 = q7.rearrange(LOW, q15);
            FloatVector r15 = q7.rearrange(HIGH, q15);
            FloatVector y0 = r0.rearrange(LOW, r8);
            FloatVector y1 = r0.rearrange(HIGH, r8);
            FloatVector y2 = r1.rearrange(LOW, r9);
            FloatVector y3 = r1.rearrange(HIGH, r9);
            FloatVector y4 = r2.rearrange(LOW, r10);
            FloatVector y5 = r2.rearrange(HIGH, r10);
            FloatVector y6 = r3.rearrange(LOW, r11);
            FloatVector y7 = r3.rearrange(HIGH, r11);
            FloatVector y8 = r4.rearrange(LOW, r12);
            FloatVector y9 = r4.rearrange(HIGH, r12);
            FloatVector y10 = r5.rearrange(LOW, r13);
            FloatVector y11 = r5.rearrange(HIGH, r13);
            FloatVector y12 = r6.rearrange(LOW, r14);
            FloatVector y13 = r6.rearrange(HIGH, r14);
            FloatVector y14 = r7.rearrange(LOW, r15);
            FloatVector y15 = r7.rearrange(HIGH, r15);
            y0.intoMemorySegment(ALL, target + 0 / PARTS * toNext + 0 % PARTS * VECTOR, ORDER);
            y1.intoMemorySegment(ALL, target + 1 / PARTS * toNext + 1 % PARTS * VECTOR, ORDER);
            y2.intoMemorySegment(ALL, target + 2 / PARTS * toNext + 2 % PARTS * VECTOR, ORDER);
            y3.intoMemorySegment(ALL, target + 3 / PARTS * toNext + 3 % PARTS * VECTOR, ORDER);
            y4.intoMemorySegment(ALL, target + 4 / PARTS * toNext + 4 % PARTS * VECTOR, ORDER);
            y5.intoMemorySegment(ALL, target + 5 / PARTS * toNext + 5 % PARTS * VECTOR, ORDER);
            y6.intoMemorySegment(ALL, target + 6 / PARTS * toNext + 6 % PARTS * VECTOR, ORDER);
            y7.intoMemorySegment(ALL, target + 7 / PARTS * toNext + 7 % PARTS * VECTOR, ORDER);
            y8.intoMemorySegment(ALL, target + 8 / PARTS * toNext + 8 % PARTS * VECTOR, ORDER);
            y9.intoMemorySegment(ALL, target + 9 / PARTS * toNext + 9 % PARTS * VECTOR, ORDER);
            y10.intoMemorySegment(ALL, target + 10 / PARTS * toNext + 10 % PARTS * VECTOR, ORDER);
            y11.intoMemorySegment(ALL, target + 11 / PARTS * toNext + 11 % PARTS * VECTOR, ORDER);
            y12.intoMemorySegment(ALL, target + 12 / PARTS * toNext + 12 % PARTS * VECTOR, ORDER);
            y13.intoMemorySegment(ALL, target + 13 / PARTS * toNext + 13 % PARTS * VECTOR, ORDER);
            y14.intoMemorySegment(ALL, target + 14 / PARTS * toNext + 14 % PARTS * VECTOR, ORDER);
            y15.intoMemorySegment(ALL, target + 15 / PARTS * toNext + 15 % PARTS * VECTOR, ORDER);
        }
    }
}
