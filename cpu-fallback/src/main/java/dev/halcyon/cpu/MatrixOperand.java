package dev.halcyon.cpu;

/**
 * A matrix in memory as a factor.
 *
 * @param address of its first element
 * @param step bytes from a stored row to the next
 * @param transposed whether the factor is the stored matrix transposed
 * @param alpha what it is multiplied by; used on the left only
 */
record MatrixOperand(long address, long step, boolean transposed, float alpha) implements LeftOperand, RightOperand {
    /** Whether rows of the factor are rows in memory, as they are. */
    boolean isPlain() {
        return !transposed && alpha == 1;
    }

    @Override
    public boolean byColumns() {
        return transposed;
    }

    @Override
    public void pack(long row, int rows, long k, int depth, long to) {
        TileKernels kernels = Vectorization.tiles();
        if (!transposed) {
            kernels.copyRuns(address + row * step + 4 * k, step, to, TileKernels.ROW_BYTES, rows, depth);
            for (int i = 0; alpha != 1 && i < rows; i++) {
                long place = to + i * TileKernels.ROW_BYTES;
                Vectorization.rows().scaleAdd(alpha, place, 0, place, depth);
            }
            return;
        }
        long panel = TileKernels.panelBytes(depth);
        int panels = Math.ceilDiv(rows, TileKernels.PANEL_ROWS);
        long from = address + k * step + 4 * row;
        long run = 4L * TileKernels.PANEL_ROWS;
        for (int p = 0; p < panels; p++) {
            kernels.copyRuns(from + p * run, step, to + p * panel, run, depth,
                    Math.min(TileKernels.PANEL_ROWS, rows - p * TileKernels.PANEL_ROWS));
        }
        if (alpha != 1) {
            Vectorization.rows().scaleAdd(alpha, to, 0, to, panels * panel / 4);
        }
    }

    @Override
    public void pack(long k, int depth, int column, int columns, int width, long to) {
        if (transposed) {
            Vectorization.tiles().transpose(address + column * step + 4 * k, step, columns, depth, to, 4L * width);
        } else {
            Vectorization.tiles().copyRuns(address + k * step + 4L * column, step, to, 4L * width, depth, columns);
        }
    }
}
