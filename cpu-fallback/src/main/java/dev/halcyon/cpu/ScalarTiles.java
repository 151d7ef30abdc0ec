package dev.halcyon.cpu;

/** Tiles by plain loops, two rows and four columns at a time in local variables. */
final class ScalarTiles implements TileKernels {
    private static final int LANES = 8;

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void byRows(int vectors, long a, long aStep, long b, int depth, long start, long startStep, long c,
            long cStep) {
        for (int row = 0; row < ROWS; row += 2) {
            for (int column = 0; column < vectors * LANES; column += 4) {
                block(a + row * aStep, aStep, 4, b + 4L * column, 4L * vectors * LANES, depth,
                        start + row * startStep + 4L * column, startStep, c + row * cStep + 4L * column, cStep);
            }
        }
    }

    @Override
    public void byColumns(int vectors, long a, long b, int depth, long start, long startStep, long c, long cStep) {
        for (int row = 0; row < ROWS; row += 2) {
            for (int column = 0; column < vectors * LANES; column += 4) {
                block(a + 4L * row, 4, 4L * PANEL_ROWS, b + 4L * column, 4L * vectors * LANES, depth,
                        start + row * startStep + 4L * column, startStep, c + row * cStep + 4L * column, cStep);
            }
        }
    }

    @Override
    public void byOffsets(int vectors, long a, long b, long offsets, int depth, long start, long startStep, long c,
            long cStep) {
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < vectors * LANES; column++) {
                float sum = Memory.getFloat(start + row * startStep + 4L * column);
                for (int k = 0; k < depth; k++) {
                    sum = Math.fma(Memory.getFloat(a + 4L * (k * ROWS + row)),
                            Memory.getFloat(b + Memory.getLong(offsets + 8L * k) + 4L * column), sum);
                }
                Memory.setFloat(c + row * cStep + 4L * column, sum);
            }
        }
    }

    private static void block(long a, long aRow, long aStep, long b, long bStep, int depth, long start,
            long startStep, long c, long cStep) {
        float c00 = Memory.getFloat(start);
        float c01 = Memory.getFloat(start + 4);
        float c02 = Memory.getFloat(start + 8);
        float c03 = Memory.getFloat(start + 12);
        float c10 = Memory.getFloat(start + startStep);
        float c11 = Memory.getFloat(start + startStep + 4);
        float c12 = Memory.getFloat(start + startStep + 8);
        float c13 = Memory.getFloat(start + startStep + 12);
        for (int k = 0; k < depth; k++) {
            float a0 = Memory.getFloat(a + k * aStep);
            float a1 = Memory.getFloat(a + k * aStep + aRow);
            float b0 = Memory.getFloat(b + k * bStep);
            float b1 = Memory.getFloat(b + k * bStep + 4);
            float b2 = Memory.getFloat(b + k * bStep + 8);
            float b3 = Memory.getFloat(b + k * bStep + 12);
            c00 = Math.fma(a0, b0, c00);
            c01 = Math.fma(a0, b1, c01);
            c02 = Math.fma(a0, b2, c02);
            c03 = Math.fma(a0, b3, c03);
            c10 = Math.fma(a1, b0, c10);
            c11 = Math.fma(a1, b1, c11);
            c12 = Math.fma(a1, b2, c12);
            c13 = Math.fma(a1, b3, c13);
        }
        Memory.setFloat(c, c00);
        Memory.setFloat(c + 4, c01);
        Memory.setFloat(c + 8, c02);
        Memory.setFloat(c + 12, c03);
        Memory.setFloat(c + cStep, c10);
        Memory.setFloat(c + cStep + 4, c11);
        Memory.setFloat(c + cStep + 8, c12);
        Memory.setFloat(c + cStep + 12, c13);
    }

    @Override
    public void dots(long a, long b, long bStep, int depth, long sums) {
        for (int j = 0; j < DOTS; j++) {
            for (int i = 0; i < PARTIAL_SUMS; i++) {
                float sum = 0;
                for (int k = i; k < depth; k += PARTIAL_SUMS) {
                    sum = Math.fma(Memory.getFloat(a + 4L * k), Memory.getFloat(b + j * bStep + 4L * k), sum);
                }
                Memory.setFloat(sums + 4L * (j * PARTIAL_SUMS + i), sum);
            }
        }
    }

    @Override
    public void copyRuns(long from, long fromStep, long to, long toStep, int count, int floats) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < floats; j++) {
                Memory.setFloat(to + i * toStep + 4L * j, Memory.getFloat(from + i * fromStep + 4L * j));
            }
        }
    }

    @Override
    public void copyExactly(long from, long fromStep, long to, long toStep, int count, int floats) {
        copyRuns(from, fromStep, to, toStep, count, floats);
    }

    @Override
    public void transpose(long from, long fromStep, int columns, int depth, long to, long toStep) {
        for (int j = 0; j < columns; j++) {
            for (int k = 0; k < depth; k++) {
                Memory.setFloat(to + k * toStep + 4L * j, Memory.getFloat(from + j * fromStep + 4L * k));
            }
        }
    }
}
