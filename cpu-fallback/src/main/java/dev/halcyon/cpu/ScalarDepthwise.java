package dev.halcyon.cpu;

/** Depthwise convolutions by plain loops, in the order of the vector kernels. */
public final class ScalarDepthwise implements DepthwiseKernels {
    /** The kernels keep no state. */
    public ScalarDepthwise() {
    }

    @Override
    public void forward(Taps taps, int channels, long start, long y, long yStep) {
        for (int i = 0; i < taps.outputs(); i++) {
            for (long c = 0; c < 4L * channels; c += 4) {
                float sum = Memory.getFloat(start + c);
                for (long tap = taps.list(); tap < taps.list() + (long) taps.count() * PAIR; tap += PAIR) {
                    sum = Math.fma(Memory.getFloat(Memory.getLong(tap) + i * taps.step() + c),
                            Memory.getFloat(Memory.getLong(tap + 8) + c), sum);
                }
                Memory.setFloat(y + i * yStep + c, sum);
            }
        }
    }

    @Override
    public void weightGradient(Taps taps, int channels, long dy, long dyStep) {
        for (long tap = taps.list(); tap < taps.list() + (long) taps.count() * PAIR; tap += PAIR) {
            for (long c = 0; c < 4L * channels; c += 4) {
                long target = Memory.getLong(tap + 8) + c;
                float sum = Memory.getFloat(target);
                for (int i = 0; i < taps.outputs(); i++) {
                    sum = Math.fma(Memory.getFloat(Memory.getLong(tap) + i * taps.step() + c),
                            Memory.getFloat(dy + i * dyStep + c), sum);
                }
                Memory.setFloat(target, sum);
            }
        }
    }
}
