package dev.halcyon.cpu;

/** Windows by plain loops, in the order of the vector kernels. */
public final class ScalarPools implements PoolKernels {
    /** The kernels keep no state. */
    public ScalarPools() {
    }

    @Override
    public void max(Blocks b, long x, int place, int width, long y, long argument) {
        for (int i = 0; i < b.count(); i++) {
            long from = x + 4 * i * b.blockStep() * b.channels();
            long to = i * b.step() * b.channels();
            for (int c = 0; c < b.channels(); c++) {
                maxOfBlock(b, from + 4L * c, place, width, y + 4 * (to + c), argument + to + c);
            }
        }
    }

    private static void maxOfBlock(Blocks b, long x, int place, int width, long y, long argument) {
        float best = Memory.getFloat(x);
        int found = place;
        for (int row = 0; row < b.rows(); row++) {
            for (int column = 0; column < b.columns(); column++) {
                float value = Memory.getFloat(x + 4 * (row * b.line() + column) * b.channels());
                if (value > best || Float.isNaN(value) && !Float.isNaN(best)) {
                    best = value;
                    found = place + row * width + column;
                }
            }
        }
        Memory.setFloat(y, best);
        Memory.setByte(argument, (byte) found);
    }

    @Override
    public void maxGradient(Blocks b, long dy, long argument, int place, int rowStep, int columnStep, long dx) {
        for (int i = 0; i < b.count(); i++) {
            long block = i * b.blockStep() * b.channels();
            long to = dx + 4 * i * b.step() * b.channels();
            for (int c = 0; c < b.channels(); c++) {
                float sum = 0;
                for (int row = 0; row < b.rows(); row++) {
                    for (int column = 0; column < b.columns(); column++) {
                        long from = block + (row * b.line() + column) * b.channels() + c;
                        byte wanted = (byte) (place - row * rowStep - column * columnStep);
                        sum += Memory.getByte(argument + from) == wanted ? Memory.getFloat(dy + 4 * from) : 0;
                    }
                }
                Memory.setFloat(to + 4L * c, sum);
            }
        }
    }

    @Override
    public void spread(int count, int columns, int channels, long dy, long argument, int place, long dx) {
        for (long i = 0; i < (long) count * channels; i++) {
            long pixel = dx + 4 * (i / channels * columns * channels + i % channels);
            for (int column = 0; column < columns; column++) {
                boolean here = Memory.getByte(argument + i) == (byte) (place + column);
                Memory.setFloat(pixel + 4L * column * channels, here ? Memory.getFloat(dy + 4 * i) : 0);
            }
        }
    }

    @Override
    public void sum(Blocks b, long from, float share, long to) {
        for (int i = 0; i < b.count(); i++) {
            long block = from + 4 * i * b.blockStep() * b.channels();
            long target = to + 4 * i * b.step() * b.channels();
            for (int c = 0; c < b.channels(); c++) {
                Memory.setFloat(target + 4L * c, share * sumOfBlock(b, block + 4L * c));
            }
        }
    }

    private static float sumOfBlock(Blocks b, long from) {
        float total = 0;
        for (int row = 0; row < b.rows(); row++) {
            float sum = 0;
            for (int column = 0; column < b.columns(); column++) {
                sum += Memory.getFloat(from + 4 * (row * b.line() + column) * b.channels());
            }
            total += sum;
        }
        return total;
    }
}
