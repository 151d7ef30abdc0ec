package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.DrawKernels;
import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.ScalarDraws;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Draws in vectors: a lane is a block of Philox, whose words are the lower halves of longs. */
public final class VectorDraws implements DrawKernels {
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final VectorSpecies<Integer> INTS = VectorWidth.INTS;
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, VectorWidth.FLOATS.vectorShape());
    private static final int BLOCKS = LONGS.length();
    private static final int L = VectorWidth.FLOATS.length();
    private static final VectorShuffle<Long> FIRST_HALVES = VectorShuffle.makeZip(LONGS, 0);
    private static final VectorShuffle<Long> SECOND_HALVES = VectorShuffle.makeZip(LONGS, 1);
    private static final LongVector LANE = LongVector.zero(LONGS).addIndex(1);
    private static final long LOW = 0xffffffffL;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final long WEYL_0 = 0x9E3779B9L;
    private static final long WEYL_1 = 0xBB67AE85L;
    private static final int ROUNDS = 10;
    private static final int UNUSED_BITS = 8;
    private static final ScalarDraws REST = new ScalarDraws();

    /** The kernels keep no state. */
    public VectorDraws() {
    }

    @Override
    public void words(long seed, long stream, long first, long blocks, long words) {
        long whole = blocks - blocks % BLOCKS;
        for (long i = 0; i < whole; i += BLOCKS) {
            blocks(seed, stream, first + i, words + 16 * i);
        }
        if (whole < blocks) {
            REST.words(seed, stream, first + whole, blocks - whole, words + 16 * whole);
        }
    }

    private static void blocks(long seed, long stream, long first, long words) {
        LongVector index = LANE.add(first);
        LongVector c0 = index.and(LOW);
        LongVector c1 = index.lanewise(VectorOperators.LSHR, 32);
        LongVector c2 = LongVector.broadcast(LONGS, stream & LOW);
        LongVector c3 = LongVector.broadcast(LONGS, stream >>> 32);
        long k0 = seed & LOW;
        long k1 = seed >>> 32;
        for (int round = 0; round < ROUNDS; round++) {
            LongVector product0 = c0.mul(MULTIPLIER_0);
            LongVector product1 = c2.mul(MULTIPLIER_1);
            c0 = product1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c1)
                    .lanewise(VectorOperators.XOR, k0);
            c2 = product0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c3)
                    .lanewise(VectorOperators.XOR, k1);
            c1 = product1.and(LOW);
            c3 = product0.and(LOW);
            k0 = k0 + WEYL_0 & LOW;
            k1 = k1 + WEYL_1 & LOW;
        }
        LongVector left = c0.or(c1.lanewise(VectorOperators.LSHL, 32));
        LongVector right = c2.or(c3.lanewise(VectorOperators.LSHL, 32));
        left.rearrange(FIRST_HALVES, right).intoMemorySegment(ALL, words, ORDER);
        left.rearrange(SECOND_HALVES, right).intoMemorySegment(ALL, words + 8L * BLOCKS, ORDER);
    }

    @Override
    public void uniform(long words, long y, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            IntVector bits = IntVector.fromMemorySegment(INTS, ALL, words + 4 * i, ORDER)
                    .lanewise(VectorOperators.LSHR, UNUSED_BITS);
            ((FloatVector) bits.convert(VectorOperators.I2F, 0)).mul(0x1p-24f).intoMemorySegment(ALL, y + 4 * i, ORDER);
        }
        if (whole < n) {
            REST.uniform(words + 4 * whole, y + 4 * whole, n - whole);
        }
    }

    @Override
    public void bernoulli(long words, int threshold, long y, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            IntVector bits = IntVector.fromMemorySegment(INTS, ALL, words + 4 * i, ORDER)
                    .lanewise(VectorOperators.LSHR, UNUSED_BITS);
            VectorMask<Float> drawn = bits.compare(VectorOperators.LT, threshold).cast(LANES);
            FloatVector.zero(LANES).blend(1, drawn).intoMemorySegment(ALL, y + 4 * i, ORDER);
        }
        if (whole < n) {
            REST.bernoulli(words + 4 * whole, threshold, y + 4 * whole, n - whole);
        }
    }

    @Override
    public void dropout(long words, int threshold, float scale, long x, long y, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            IntVector bits = IntVector.fromMemorySegment(INTS, ALL, words + 4 * i, ORDER)
                    .lanewise(VectorOperators.LSHR, UNUSED_BITS);
            VectorMask<Float> drawn = bits.compare(VectorOperators.LT, threshold).cast(LANES);
            FloatVector kept = FloatVector.fromMemorySegment(LANES, ALL, x + 4 * i, ORDER).mul(scale);
            FloatVector.zero(LANES).blend(kept, drawn).intoMemorySegment(ALL, y + 4 * i, ORDER);
        }
        if (whole < n) {
            REST.dropout(words + 4 * whole, threshold, scale, x + 4 * whole, y + 4 * whole, n - whole);
        }
    }
}
