package dev.halcyon.cpu;

/** Tiles by plain loops. */
final class ScalarTiles implements TileKernels {
    private static final int ROWS = 4;
    private static final int COLUMNS = 8;
    private static final Tile[] TILES = {new Tile(ROWS, COLUMNS)};

    @Override
    public Tile[] tiles() {
        return TILES;
    }

    @Override
    public void multiply(int tile, long plan, int segments, long aStep, long bStep, long c, int rows, int columns,
            boolean accumulate) {
        float[] sums = new float[ROWS * COLUMNS];
        for (int segment = 0; segment < segments; segment++) {
            long entry = plan + 8L * segment * (ROWS + 2);
            long length = Memory.getLong(entry);
            long b = Memory.getLong(entry + 8);
            for (int row = 0; row < rows; row++) {
                long a = Memory.getLong(entry + 16 + 8L * row);
                for (long k = 0; k < length; k++) {
                    float factor = Memory.getFloat(a + k * aStep);
                    for (int column = 0; column < columns; column++) {
                        int i = row * COLUMNS + column;
                        sums[i] = Math.fma(factor, Memory.getFloat(b + k * bStep + 4L * column), sums[i]);
                    }
                }
            }
        }
        for (int row = 0; row < rows; row++) {
            long target = Memory.getLong(c + 8L * row);
            for (int column = 0; column < columns; column++) {
                float sum = sums[row * COLUMNS + column];
                long place = target + 4L * column;
                Memory.setFloat(place, accumulate ? Memory.getFloat(place) + sum : sum);
            }
        }
    }
}
