package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.ChannelKernels;
import dev.halcyon.cpu.Memory;
import dev.halcyon.device.Unary;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What rows of sums go through in one pass. The clamp is written as comparisons, so that NaN stays. */
final class VectorEpilogue {
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();

    private VectorEpilogue() {
    }

    /** y = activation(y + bias + residual) for whole vectors of each row. */
    static void finish(long y, long step, long rows, int n, long bias, long residual, Unary activation) {
        float floor = ChannelKernels.floor(activation);
        float ceiling = ChannelKernels.ceiling(activation);
        for (long row = 0; row < rows; row++) {
            long at = y + row * step;
            if (bias != 0) {
                add(at, bias, n);
            }
            if (residual != 0) {
                addAndClamp(at, at + residual, floor, ceiling, n);
            } else if (activation != Unary.IDENTITY) {
                clamp(at, floor, ceiling, n);
            }
        }
    }

    private static void add(long y, long x, int n) {
        long to = Memory.at(y);
        long from = Memory.at(x);
        for (int j = 0; j < n; j += L) {
            long i = 4 * Memory.ahead(j);
            FloatVector.fromMemorySegment(LANES, ALL, to + i, ORDER)
                    .add(FloatVector.fromMemorySegment(LANES, ALL, from + i, ORDER))
                    .intoMemorySegment(ALL, to + i, ORDER);
        }
    }

    private static void addAndClamp(long y, long x, float floor, float ceiling, int n) {
        long to = Memory.at(y);
        long from = Memory.at(x);
        for (int j = 0; j < n; j += L) {
            long i = 4 * Memory.ahead(j);
            FloatVector value = FloatVector.fromMemorySegment(LANES, ALL, to + i, ORDER)
                    .add(FloatVector.fromMemorySegment(LANES, ALL, from + i, ORDER));
            value = value.blend(floor, value.compare(VectorOperators.LT, floor));
            value.blend(ceiling, value.compare(VectorOperators.GT, ceiling)).intoMemorySegment(ALL, to + i, ORDER);
        }
    }

    private static void clamp(long y, float floor, float ceiling, int n) {
        long to = Memory.at(y);
        for (int j = 0; j < n; j += L) {
            long i = 4 * Memory.ahead(j);
            FloatVector value = FloatVector.fromMemorySegment(LANES, ALL, to + i, ORDER);
            value = value.blend(floor, value.compare(VectorOperators.LT, floor));
            value.blend(ceiling, value.compare(VectorOperators.GT, ceiling)).intoMemorySegment(ALL, to + i, ORDER);
        }
    }
}
