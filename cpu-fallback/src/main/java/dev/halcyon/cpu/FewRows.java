package dev.halcyon.cpu;

/**
 * Products of few rows, such as a linear layer of one image: the right factor is read where it lies, since each of its
 * elements is used too seldom for packing to pay. With more than a few rows that holds only while what is read stays in
 * the second-level cache, which terms a multiple of a page apart do not: they compete for the same few places.
 */
final class FewRows {
    private static final int ROWS = TileKernels.ROWS;
    private static final int FEW_ROWS = 2 * ROWS;
    private static final int MOST_ROWS = 8 * ROWS;
    private static final int MOST_TERMS = 2048;
    private static final int LEAST_COLUMNS = 128;
    /** Packed floats of the left factor that stay in the second-level cache. */
    private static final long MOST_PACKED = 1 << 17;
    private static final long PAGE = 4096;

    private final Workers workers;
    private final TileKernels kernels = Vectorization.tiles();
    private final int width = 2 * kernels.lanes();
    private final Scratch shared = new Scratch();

    FewRows(Workers workers) {
        this.workers = workers;
    }

    static boolean suits(Product p) {
        return p.m() <= MOST_ROWS && p.m() * p.k() <= MOST_PACKED
                && p.right() instanceof MatrixOperand right && !right.transposed()
                && (p.m() <= FEW_ROWS || staysInCache(p, right));
    }

    private static boolean staysInCache(Product p, MatrixOperand right) {
        return p.k() <= MOST_TERMS && p.n() >= LEAST_COLUMNS && right.step() % PAGE != 0;
    }

    void multiply(Product p) {
        MatrixOperand right = (MatrixOperand) p.right();
        int rows = (int) p.m();
        int terms = Math.toIntExact(p.k());
        int panels = Math.ceilDiv(rows, ROWS);
        long panelBytes = 4L * ROWS * terms;
        long leftBytes = panels * panelBytes + LeftOperand.SPARE;
        long left = shared.request(leftBytes + 8L * terms + 4L * width);
        long offsets = left + leftBytes;
        long zeros = offsets + 8L * terms;
        packLeft(p.left(), rows, terms, left, panelBytes);
        for (int k = 0; k < terms; k++) {
            Memory.setLong(offsets + 8L * k, k * right.step());
        }
        Memory.clear(zeros, 4L * width);
        workers.forEach(Math.ceilDiv(p.n(), width), 2.0 * panels * ROWS * width * terms, (tile, worker) -> {
            int column = (int) tile * width;
            for (int panel = 0; panel < panels; panel++) {
                tile(p, panel * ROWS, column, left + panel * panelBytes, right.address() + 4L * column, offsets, zeros,
                        workers.scratch(worker).request(4L * ROWS * width));
            }
        });
    }

    /** Panels of eight rows, by columns. */
    private void packLeft(LeftOperand left, int rows, int terms, long to, long panelBytes) {
        long packed = workers.scratch(0).request(MOST_ROWS * TileKernels.ROW_BYTES + LeftOperand.SPARE);
        for (int k = 0; k < terms; k += TileKernels.MOST_DEPTH) {
            int depth = Math.min(TileKernels.MOST_DEPTH, terms - k);
            left.pack(0, rows, k, depth, packed);
            for (int row = 0; row < rows; row += ROWS) {
                long panel = to + row / ROWS * panelBytes + 4L * k * ROWS;
                if (left.byColumns()) {
                    kernels.copyExactly(packed + row / TileKernels.PANEL_ROWS * TileKernels.panelBytes(depth)
                            + row % TileKernels.PANEL_ROWS * 4L, 4L * TileKernels.PANEL_ROWS, panel, 4L * ROWS, depth,
                            ROWS);
                } else {
                    kernels.transpose(packed + row * TileKernels.ROW_BYTES, TileKernels.ROW_BYTES,
                            Math.min(ROWS, rows - row), depth, panel, 4L * ROWS);
                }
            }
        }
    }

    private void tile(Product p, int row, int column, long a, long b, long offsets, long zeros, long c) {
        int rows = (int) Math.min(ROWS, p.m() - row);
        int columns = Math.min(width, p.n() - column);
        int vectors = columns > kernels.lanes() ? 2 : 1;
        int terms = (int) p.k();
        long step = 4L * width;
        if (p.accumulate()) {
            for (int i = 0; i < rows; i++) {
                kernels.copyRuns(p.target().row(row + i) + 4L * column, 0, c + i * step, 0, 1, columns);
            }
            kernels.byOffsets(vectors, a, b, offsets, terms, c, step, c, step);
        } else {
            kernels.byOffsets(vectors, a, b, offsets, terms, p.bias() == 0 ? zeros : p.bias() + 4L * column, 0, c,
                    step);
        }
        for (int i = 0; i < rows; i++) {
            long y = p.target().row(row + i) + 4L * column;
            kernels.copyExactly(c + i * step, 0, y, 0, 1, columns);
            p.epilogue().apply(y, columns);
        }
    }

    void close() {
        shared.close();
    }
}
