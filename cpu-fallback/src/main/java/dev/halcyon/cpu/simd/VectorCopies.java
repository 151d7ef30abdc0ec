package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Copies of many short runs at fixed distances: without an inner loop where a run is a few vectors. */
final class VectorCopies {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final long VECTOR = LANES.vectorByteSize();
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private VectorCopies() {
    }

    /** Runs of floats, in ascending order; each may write more than its length, up to a whole vector. */
    static void runs(long from, long fromStep, long to, long toStep, int count, int floats) {
        switch ((floats + L - 1) / L) {
            case 1 -> copyVectors(from, fromStep, to, toStep, count);
            case 2 -> copyPairs(from, fromStep, to, toStep, count);
            case 3 -> copyThrees(from, fromStep, to, toStep, count);
            default -> copyFours(from, fromStep, to, toStep, count, (floats + L - 1) / L * L);
        }
    }

    private static void copyVectors(long from, long fromStep, long to, long toStep, int count) {
        long source = Memory.at(from);
        long target = Memory.at(to);
        for (int i = 0; i < count; i++) {
            FloatVector.fromMemorySegment(LANES, ALL, source, ORDER).intoMemorySegment(ALL, target, ORDER);
            source = Memory.at(source + fromStep);
            target = Memory.at(target + toStep);
        }
    }

    private static void copyPairs(long from, long fromStep, long to, long toStep, int count) {
        long source = Memory.at(from);
        long target = Memory.at(to);
        for (int i = 0; i < count; i++) {
            FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, source, ORDER);
            FloatVector second = FloatVector.fromMemorySegment(LANES, ALL, source + VECTOR, ORDER);
            first.intoMemorySegment(ALL, target, ORDER);
            second.intoMemorySegment(ALL, target + VECTOR, ORDER);
            source = Memory.at(source + fromStep);
            target = Memory.at(target + toStep);
        }
    }

    private static void copyThrees(long from, long fromStep, long to, long toStep, int count) {
        long source = Memory.at(from);
        long target = Memory.at(to);
        for (int i = 0; i < count; i++) {
            FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, source, ORDER);
            FloatVector second = FloatVector.fromMemorySegment(LANES, ALL, source + VECTOR, ORDER);
            FloatVector third = FloatVector.fromMemorySegment(LANES, ALL, source + 2 * VECTOR, ORDER);
            first.intoMemorySegment(ALL, target, ORDER);
            second.intoMemorySegment(ALL, target + VECTOR, ORDER);
            third.intoMemorySegment(ALL, target + 2 * VECTOR, ORDER);
            source = Memory.at(source + fromStep);
            target = Memory.at(target + toStep);
        }
    }

    /** Four vectors or more, four at a time: the last four may overlap those before them. */
    private static void copyFours(long from, long fromStep, long to, long toStep, int count, int floats) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < floats; j += 4 * L) {
                long source = Memory.at(from + i * fromStep + 4L * Math.min(j, floats - 4 * L));
                long target = Memory.at(to + i * toStep + 4L * Math.min(j, floats - 4 * L));
                FloatVector first = FloatVector.fromMemorySegment(LANES, ALL, source, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(LANES, ALL, source + VECTOR, ORDER);
                FloatVector third = FloatVector.fromMemorySegment(LANES, ALL, source + 2 * VECTOR, ORDER);
                FloatVector fourth = FloatVector.fromMemorySegment(LANES, ALL, source + 3 * VECTOR, ORDER);
                first.intoMemorySegment(ALL, target, ORDER);
                second.intoMemorySegment(ALL, target + VECTOR, ORDER);
                third.intoMemorySegment(ALL, target + 2 * VECTOR, ORDER);
                fourth.intoMemorySegment(ALL, target + 3 * VECTOR, ORDER);
            }
        }
    }

    /** Runs of floats, and nothing beyond their ends. */
    static void exactly(long from, long fromStep, long to, long toStep, int count, int floats) {
        if (floats >= L) {
            copyWhole(from, fromStep, to, toStep, count, floats);
        } else if (floats > 1) {
            copyTwoAtOnce(from, fromStep, to, toStep, count, floats);
        } else {
            copySingles(from, fromStep, to, toStep, count);
        }
    }

    /** In whole vectors: the last one overlaps the one before it. */
    private static void copyWhole(long from, long fromStep, long to, long toStep, int count, int floats) {
        for (int i = 0; i < count; i++) {
            long source = Memory.at(from + i * fromStep);
            long target = Memory.at(to + i * toStep);
            for (int j = 0; j < floats - L; j += L) {
                long place = Memory.ahead(4L * j);
                FloatVector.fromMemorySegment(LANES, ALL, source + place, ORDER)
                        .intoMemorySegment(ALL, target + place, ORDER);
            }
            long last = Memory.ahead(4L * (floats - L));
            FloatVector.fromMemorySegment(LANES, ALL, source + last, ORDER)
                    .intoMemorySegment(ALL, target + last, ORDER);
        }
    }

    /**
     * The same, two floats at a time. Shorter vectors would do, but another kind of them in use keeps the compiler from
     * being sure of those in the tiles, which then take five times as long in some runs.
     */
    private static void copyTwoAtOnce(long from, long fromStep, long to, long toStep, int count, int floats) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < floats; j += 2) {
                long place = 4L * Math.min(j, floats - 2);
                ALL.set(LONG, Memory.at(to + i * toStep + place),
                        ALL.get(LONG, Memory.at(from + i * fromStep + place)));
            }
        }
    }

    private static void copySingles(long from, long fromStep, long to, long toStep, int count) {
        for (int i = 0; i < count; i++) {
            ALL.set(FLOAT, Memory.at(to + i * toStep), ALL.get(FLOAT, Memory.at(from + i * fromStep)));
        }
    }
}
