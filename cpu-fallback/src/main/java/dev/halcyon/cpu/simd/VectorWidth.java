package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Vectorization;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vectors that all kernels use: the machine's widest, or what a test asks for. */
final class VectorWidth {
    /** Vectors of floats. */
    static final VectorSpecies<Float> FLOATS = Vectorization.forcedBits() > 0
            ? VectorSpecies.of(float.class, VectorShape.forBitSize(Vectorization.forcedBits()))
            : FloatVector.SPECIES_PREFERRED;

    /** Vectors of as many ints. */
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    private VectorWidth() {
    }
}
