package dev.halcyon.cpu;

/** Depthwise convolutions by plain loops, in the order of the vector kernels. */
public final class ScalarDepthwise implements DepthwiseKernels {
    /** The kernels keep no state. */
    public ScalarDepthwise() {
    }

    private static long place(Places places, int row, int column) {
        return places.first() + row * places.row() + column * places.column();
    }

    @Override
    public void forward(Taps taps, int channels, long start, long y, long yStep) {
        for (int i = 0; i < taps.outputs(); i++) {
            for (long c = 0; c < 4L * channels; c += 4) {
                float sum = Memory.getFloat(start + c);
                for (int row = 0; row < taps.rows(); row++) {
                    for (int column = 0; column < taps.columns(); column++) {
                        sum = Math.fma(Memory.getFloat(place(taps.pixels(), row, column) + i * taps.step() + c),
                                Memory.getFloat(place(taps.own(), row, column) + c), sum);
                    }
                }
                Memory.setFloat(y + i * yStep + c, sum);
            }
        }
    }

    @Override
    public void weightGradient(Taps taps, int channels, long dy, long dyStep) {
        for (int row = 0; row < taps.rows(); row++) {
            for (int column = 0; column < taps.columns(); column++) {
                for (long c = 0; c < 4L * channels; c += 4) {
                    long target = place(taps.own(), row, column) + c;
                    float sum = Memory.getFloat(target);
                    for (int i = 0; i < taps.outputs(); i++) {
                        sum = Math.fma(Memory.getFloat(place(taps.pixels(), row, column) + i * taps.step() + c),
                                Memory.getFloat(dy + i * dyStep + c), sum);
                    }
                    Memory.setFloat(target, sum);
                }
            }
        }
    }
}
