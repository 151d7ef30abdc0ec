package dev.halcyon.cpu;

/** Depthwise convolutions by plain loops, in the order of the vector kernels. */
public final class ScalarDepthwise implements DepthwiseKernels {
    /** The kernels keep no state. */
    public ScalarDepthwise() {
    }

    private static long row(Window x, int row) {
        return switch (row) {
            case 0 -> x.upper();
            case 1 -> x.middle();
            default -> x.lower();
        };
    }

    @Override
    public void forward(Window x, int channels, long w, long wStep, long y, long yStep) {
        for (int i = 0; i < x.count(); i++) {
            for (int c = 0; c < channels; c++) {
                float sum = 0;
                for (int tap = 0; tap < TAPS * TAPS; tap++) {
                    long from = row(x, tap / TAPS) + i * x.step() + tap % TAPS * x.tapStep() + 4L * c;
                    sum = Math.fma(Memory.getFloat(from), Memory.getFloat(w + tap * wStep + 4L * c), sum);
                }
                Memory.setFloat(y + i * yStep + 4L * c, sum);
            }
        }
    }

    @Override
    public void forward(long taps, int count, long step, int outputs, int channels, long w, long wStep, long y,
            long yStep) {
        for (int i = 0; i < outputs; i++) {
            for (int c = 0; c < channels; c++) {
                float sum = 0;
                for (int tap = 0; tap < count; tap++) {
                    long from = Memory.getLong(taps + 8L * tap) + i * step + 4L * c;
                    sum = Math.fma(Memory.getFloat(from), Memory.getFloat(w + tap * wStep + 4L * c), sum);
                }
                Memory.setFloat(y + i * yStep + 4L * c, sum);
            }
        }
    }

    @Override
    public void weightGradient(Window x, int channels, long dy, long dyStep, long sums, long sumStep) {
        for (int tap = 0; tap < TAPS * TAPS; tap++) {
            long from = row(x, tap / TAPS) + tap % TAPS * x.tapStep();
            for (int c = 0; c < channels; c++) {
                long target = sums + tap * sumStep + 4L * c;
                float sum = Memory.getFloat(target);
                for (int i = 0; i < x.count(); i++) {
                    sum = Math.fma(Memory.getFloat(from + i * x.step() + 4L * c),
                            Memory.getFloat(dy + i * dyStep + 4L * c), sum);
                }
                Memory.setFloat(target, sum);
            }
        }
    }
}
