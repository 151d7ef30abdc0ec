package dev.halcyon.cpu;

/**
 * Patches, transposed: a row per tap and channel, a term per patch, as the gradient of the weights needs them. A few
 * patches at a time are packed by rows, and these cut into the panels' columns.
 */
record PatchColumns(Patches patches) implements LeftOperand {
    private static final int PATCHES = (int) (SPARE / TileKernels.ROW_BYTES);

    @Override
    public boolean byColumns() {
        return true;
    }

    @Override
    public void pack(long row, int rows, long k, int depth, long to) {
        long panel = TileKernels.panelBytes(depth);
        int panels = Math.ceilDiv(rows, TileKernels.PANEL_ROWS);
        long packed = to + panels * panel;
        for (int first = 0; first < depth; first += PATCHES) {
            int count = Math.min(PATCHES, depth - first);
            patches.pack(k + first, count, row, rows, packed);
            for (int i = 0; i < count; i++) {
                Vectorization.tiles().copyRuns(packed + i * TileKernels.ROW_BYTES, 4L * TileKernels.PANEL_ROWS,
                        to + 4L * TileKernels.PANEL_ROWS * (first + i), panel, panels, TileKernels.PANEL_ROWS);
            }
        }
    }
}
