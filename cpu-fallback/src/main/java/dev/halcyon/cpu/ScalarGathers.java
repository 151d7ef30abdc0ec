package dev.halcyon.cpu;

/** Tiles of gathered factors by plain loops. */
public final class ScalarGathers implements GatherKernels {
    private static final int LANES = new ScalarTiles().lanes();

    /** The kernels keep no state. */
    public ScalarGathers() {
    }

    @Override
    public void multiply(int vectors, long a, long rows, Terms terms, long b, long bStep, long start, long startStep,
            long c, long cStep) {
        for (int row = 0; row < GatherKernels.rows(vectors); row++) {
            long left = a + Memory.getLong(rows + 8L * row);
            for (int column = 0; column < vectors * LANES; column++) {
                float sum = Memory.getFloat(start + row * startStep + 4L * column);
                for (int k = 0; k < terms.depth(); k++) {
                    sum = Math.fma(Memory.getFloat(left + Memory.getLong(terms.all() + 8L * k)),
                            Memory.getFloat(b + k * bStep + 4L * column), sum);
                }
                Memory.setFloat(c + row * cStep + 4L * column, sum);
            }
        }
    }
}
