package dev.halcyon.cpu;

import dev.halcyon.random.Philox;

/** Draws by plain loops. */
public final class ScalarDraws implements DrawKernels {
    /** The kernels keep no state. */
    public ScalarDraws() {
    }

    @Override
    public void words(long seed, long stream, long first, long blocks, long words) {
        int[] block = new int[4];
        for (long i = 0; i < blocks; i++) {
            Philox.block(seed, stream, first + i, block);
            for (int word = 0; word < 4; word++) {
                Memory.setInt(words + 16 * i + 4L * word, block[word]);
            }
        }
    }

    @Override
    public void uniform(long words, long y, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            Memory.setFloat(y + i, Philox.uniform(Memory.getInt(words + i)));
        }
    }

    @Override
    public void bernoulli(long words, int threshold, long y, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            Memory.setFloat(y + i, Philox.bernoulli(Memory.getInt(words + i), threshold) ? 1 : 0);
        }
    }

    @Override
    public void dropout(long words, int threshold, float scale, long x, long y, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            boolean kept = Philox.bernoulli(Memory.getInt(words + i), threshold);
            Memory.setFloat(y + i, kept ? scale * Memory.getFloat(x + i) : 0);
        }
    }
}
