package dev.halcyon.cpu;

/** Planes by plain loops, with the roundings of the vector kernels. */
public final class ScalarPlanes implements PlaneKernels {
    private static final int PIXELS = VECTORS * new ScalarTiles().lanes();

    /** The kernels keep no state. */
    public ScalarPlanes() {
    }

    @Override
    public void products(long a, long b, long offsets, int depth, long start, long c, long cStep) {
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                float sum = Memory.getFloat(start + 4L * channel);
                for (int k = 0; k < depth; k++) {
                    sum = Math.fma(Memory.getFloat(a + 4L * (k * CHANNELS + channel)),
                            Memory.getFloat(b + Memory.getLong(offsets + 8L * k) + 4L * pixel), sum);
                }
                Memory.setFloat(c + channel * cStep + 4L * pixel, sum);
            }
        }
    }

    @Override
    public void correlations(long a, long offsets, long b, long bStep, int pixels, long sums) {
        for (int i = 0; i < CHANNELS; i++) {
            long left = a + Memory.getLong(offsets + 8L * i);
            for (int j = 0; j < CHANNELS; j++) {
                long target = sums + 4L * STRANDS * (i * CHANNELS + j);
                for (int p = 0; p < pixels; p++) {
                    long sum = target + 4L * (p % STRANDS);
                    Memory.setFloat(sum, Math.fma(Memory.getFloat(left + 4L * p),
                            Memory.getFloat(b + j * bStep + 4L * p), Memory.getFloat(sum)));
                }
            }
        }
    }
}
