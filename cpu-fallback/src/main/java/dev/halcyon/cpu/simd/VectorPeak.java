package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.PeakKernel;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Fused multiply-adds in registers alone: as many chains as hide their latency. */
public final class VectorPeak implements PeakKernel {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final int CHAINS = 16;

    /** The kernel keeps no state. */
    public VectorPeak() {
    }

    @Override
    public long flops(int rounds) {
        return 2L * CHAINS * LANES.length() * rounds;
    }

    @Override
    public void run(int rounds, long vector) {
        FloatVector a = FloatVector.fromMemorySegment(LANES, ALL, vector, ORDER);
        FloatVector b = a.mul(0.5f);
        FloatVector c0 = a.mul(1f);
        FloatVector c1 = a.mul(2f);
        FloatVector c2 = a.mul(3f);
        FloatVector c3 = a.mul(4f);
        FloatVector c4 = a.mul(5f);
        FloatVector c5 = a.mul(6f);
        FloatVector c6 = a.mul(7f);
        FloatVector c7 = a.mul(8f);
        FloatVector c8 = a.mul(9f);
        FloatVector c9 = a.mul(10f);
        FloatVector c10 = a.mul(11f);
        FloatVector c11 = a.mul(12f);
        FloatVector c12 = a.mul(13f);
        FloatVector c13 = a.mul(14f);
        FloatVector c14 = a.mul(15f);
        FloatVector c15 = a.mul(16f);
        for (int i = 0; i < rounds; i++) {
            c0 = a.fma(c0, b);
            c1 = a.fma(c1, b);
            c2 = a.fma(c2, b);
            c3 = a.fma(c3, b);
            c4 = a.fma(c4, b);
            c5 = a.fma(c5, b);
            c6 = a.fma(c6, b);
            c7 = a.fma(c7, b);
            c8 = a.fma(c8, b);
            c9 = a.fma(c9, b);
            c10 = a.fma(c10, b);
            c11 = a.fma(c11, b);
            c12 = a.fma(c12, b);
            c13 = a.fma(c13, b);
            c14 = a.fma(c14, b);
            c15 = a.fma(c15, b);
        }
        c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).add(c12).add(c13)
                .add(c14).add(c15).intoMemorySegment(ALL, vector, ORDER);
    }
}
