package dev.halcyon.cpu;

/** Windows by plain loops, in the order of the vector kernels. */
public final class ScalarPools implements PoolKernels {
    /** The kernels keep no state. */
    public ScalarPools() {
    }

    @Override
    public void max(Line line, long x, long block, int rows, int place, int width, long y, long argument, long room) {
        int channels = line.channels();
        long rowStep = (long) line.width() * channels;
        for (int i = 0; i < line.pixels() * channels; i++) {
            int pixel = i / channels;
            long from = x + 4 * (block + (long) line.first()[pixel] * channels + i % channels);
            float best = Memory.getFloat(from);
            int found = 0;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < line.count()[pixel]; column++) {
                    float value = Memory.getFloat(from + 4 * (row * rowStep + (long) column * channels));
                    if (value > best || Float.isNaN(value) && !Float.isNaN(best)) {
                        best = value;
                        found = row * width + column;
                    }
                }
            }
            Memory.setFloat(y + 4L * i, best);
            Memory.setByte(argument + i, (byte) (place + line.place()[pixel] + found));
        }
    }

    @Override
    public void maxGradient(Line line, long dy, long argument, long block, int rows, int place, int rowStep,
            int columnStep, long dx, long room) {
        int channels = line.channels();
        for (int i = 0; i < line.pixels() * channels; i++) {
            int pixel = i / channels;
            float sum = 0;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < line.count()[pixel]; column++) {
                    long from = block + ((long) row * line.width() + line.first()[pixel] + column) * channels
                            + i % channels;
                    byte wanted = (byte) (place + line.place()[pixel] - row * rowStep - column * columnStep);
                    sum += Memory.getByte(argument + from) == wanted ? Memory.getFloat(dy + 4 * from) : 0;
                }
            }
            Memory.setFloat(dx + 4L * i, sum);
        }
    }

    @Override
    public void spread(int count, int columns, int channels, long dy, long argument, long readable, int place, long dx,
            long room) {
        for (long i = 0; i < (long) count * channels; i++) {
            long pixel = dx + 4 * (i / channels * columns * channels + i % channels);
            for (int column = 0; column < columns; column++) {
                boolean here = Memory.getByte(argument + i) == (byte) (place + column);
                Memory.setFloat(pixel + 4L * column * channels, here ? Memory.getFloat(dy + 4 * i) : 0);
            }
        }
    }

    @Override
    public void sum(Line line, long from, long block, int rows, float share, long to, long room) {
        int channels = line.channels();
        for (int i = 0; i < line.pixels() * channels; i++) {
            int pixel = i / channels;
            float total = 0;
            for (int row = 0; row < rows; row++) {
                float sum = 0;
                for (int column = 0; column < line.count()[pixel]; column++) {
                    sum += Memory.getFloat(from + 4 * (block
                            + ((long) row * line.width() + line.first()[pixel] + column) * channels + i % channels));
                }
                total += sum;
            }
            Memory.setFloat(to + 4L * i, share * total);
        }
    }
}
