package dev.halcyon.cpu;

/** Computes blocks of products, tile by tile, in memory of its own: each thread has one. */
final class TileBlock {
    private static final TileKernels KERNELS = Vectorization.tiles();
    private static final int LANES = KERNELS.lanes();
    private static final long PAIR = 8L * LANES;
    /** Terms of a pass. A panel of B fills a first-level cache then; that it comes from the second one costs less than more passes over C. */
    private static final int DEPTH = TileKernels.MOST_DEPTH;
    /** With so little of B, rows of C are finished one tile after the other, so that memory sees long runs. */
    private static final long NEAR_BYTES = 256 << 10;
    /**
     * Rows of A serve at once then and are read where they lie, unless A and C are so large that A comes from memory: a
     * copy reads it in the order in which it lies, and faster.
     */
    private static final long CACHED_BYTES = 40 << 20;

    private final Scratch scratch;
    private Product product;
    private Product.Target target;
    private long bias;
    private boolean accumulate;
    private long left;
    /** How many rows of A are read in place, from where, and the bytes from one to the next. */
    private int inPlace;
    private long place;
    private long placeStep;
    private long right;
    private long tile;
    private long zeros;

    TileBlock(Scratch scratch) {
        this.scratch = scratch;
    }

    /** Columns of the panel that starts at a column: two vectors, or one where that is enough. */
    static int width(int column, int n) {
        return n - column > LANES ? 2 * LANES : LANES;
    }

    /** Columns of all panels together. */
    static long paddedColumns(int n) {
        return Math.ceilDiv(n, LANES) * (long) LANES;
    }

    /**
     * Computes a block: rows [row, row + rows), columns [column, column + columns), terms [first, end).
     *
     * @param packed the packed right factor, panel by panel, or 0 if it is to be packed here
     * @param into where C lies; the product's own target, or another that is written
     */
    void run(Product p, long row, int rows, int column, int columns, long first, long end, long packed,
            Product.Target into) {
        product = p;
        target = into;
        boolean own = into == p.target();
        bias = own ? p.bias() : 0;
        accumulate = own && p.accumulate();
        int passes = Math.toIntExact(Math.ceilDiv(end - first, (long) DEPTH));
        int depth = Math.toIntExact(Math.ceilDiv(Math.ceilDiv(end - first, (long) passes), 8L) * 8);
        reserve(rows, depth);
        for (long k = first; k < end; k += depth) {
            int length = (int) Math.min(depth, end - k);
            boolean near = packed != 0 && 4L * length * columns <= NEAR_BYTES;
            takeLeft(p.left(), row, rows, k, length, near);
            boolean complete = own && k + length == end && !p.epilogue().isNone();
            int rowsAtOnce = near ? TileKernels.ROWS : rows;
            for (int i = 0; i < rows; i += rowsAtOnce) {
                int some = Math.min(rowsAtOnce, rows - i);
                for (int j = column; j < column + columns; j += 2 * LANES) {
                    int width = width(j, p.n());
                    long b = packed == 0 ? right : packed + 4 * (p.k() * j + k * width);
                    if (packed == 0) {
                        p.right().pack(k, length, j, Math.min(width, p.n() - j), width, right);
                    }
                    column(row, i, i + some, j, width, b, length);
                }
                if (complete) {
                    finish(row + i, some, column, columns);
                }
            }
            accumulate = true;
        }
    }

    /** Packs the rows of A, save whole tiles of those that can be read in place. */
    private void takeLeft(LeftOperand operand, long row, int rows, long k, int depth, boolean near) {
        inPlace = 0;
        boolean cached = 4 * product.m() * (product.n() + product.k()) <= CACHED_BYTES;
        if (near && cached && operand instanceof MatrixOperand matrix && matrix.isPlain()) {
            inPlace = rows / TileKernels.ROWS * TileKernels.ROWS;
            place = matrix.address() + row * matrix.step() + 4 * k;
            placeStep = matrix.step();
        }
        if (inPlace < rows) {
            operand.pack(row + inPlace, rows - inPlace, k, depth, left);
        }
    }

    /** The epilogue of some rows: at once where they are at one distance. */
    private void finish(long row, int rows, int column, int columns) {
        long c = target.row(row) + 4L * column;
        long step = target.step();
        if (target.row(row + rows - 1) + 4L * column - c == step * (rows - 1)) {
            product.epilogue().apply(c, step, rows, columns, 0);
            return;
        }
        for (int i = 0; i < rows; i++) {
            product.epilogue().apply(target.row(row + i) + 4L * column, columns);
        }
    }

    private void reserve(int rows, int depth) {
        long panels = Math.ceilDiv(rows, TileKernels.PANEL_ROWS);
        long leftBytes = panels * TileKernels.PANEL_ROWS * TileKernels.ROW_BYTES + LeftOperand.SPARE;
        long rightBytes = PAIR * depth + TileKernels.SLACK;
        long tileBytes = PAIR * TileKernels.ROWS;
        left = scratch.request(leftBytes + rightBytes + tileBytes + PAIR);
        right = left + leftBytes;
        tile = right + rightBytes;
        zeros = tile + tileBytes;
        Memory.clear(zeros, PAIR);
    }

    /** The tiles of one panel of columns, rows [first, rows) of the block. */
    private void column(long row, int first, int rows, int column, int width, long b, int depth) {
        int columns = Math.min(width, product.n() - column);
        long step = target.step();
        for (int i = first; i < rows; i += TileKernels.ROWS) {
            long c = target.row(row + i) + 4L * column;
            boolean whole = columns == width && i + TileKernels.ROWS <= rows
                    && target.line(row + i) >= TileKernels.ROWS;
            if (!whole) {
                edge(i, b, depth, row + i, Math.min(TileKernels.ROWS, rows - i), column, columns, width);
            } else if (accumulate) {
                multiply(i, width, b, depth, c, step, c, step);
            } else {
                multiply(i, width, b, depth, bias == 0 ? zeros : bias + 4L * column, 0, c, step);
            }
        }
    }

    /** A tile that sticks out of C, or of rows from several lines: by way of a tile in memory. */
    private void edge(int first, long b, int depth, long row, int rows, int column, int columns, int width) {
        long step = 4L * width;
        if (accumulate) {
            for (int i = 0, run; i < rows; i += run) {
                run = (int) Math.min(rows - i, target.line(row + i));
                KERNELS.copyRuns(target.row(row + i) + 4L * column, target.step(), tile + i * step, step, run,
                        columns);
            }
            multiply(first, width, b, depth, tile, step, tile, step);
        } else {
            multiply(first, width, b, depth, bias == 0 ? zeros : bias + 4L * column, 0, tile, step);
        }
        for (int i = 0, run; i < rows; i += run) {
            run = (int) Math.min(rows - i, target.line(row + i));
            KERNELS.copyExactly(tile + i * step, step, target.row(row + i) + 4L * column, target.step(), run, columns);
        }
    }

    /** A tile whose rows of A are those from {@code first} on. */
    private void multiply(int first, int width, long b, int depth, long start, long startStep, long c, long cStep) {
        int vectors = width / LANES;
        if (product.left().byColumns()) {
            long panel = left + first / TileKernels.PANEL_ROWS * TileKernels.panelBytes(depth);
            KERNELS.byColumns(vectors, panel + first % TileKernels.PANEL_ROWS * 4L, b, depth, start, startStep, c,
                    cStep);
        } else if (first < inPlace) {
            KERNELS.byRows(vectors, place + first * placeStep, placeStep, b, depth, start, startStep, c, cStep);
        } else {
            KERNELS.byRows(vectors, left + (first - inPlace) * TileKernels.ROW_BYTES, TileKernels.ROW_BYTES, b, depth,
                    start, startStep, c, cStep);
        }
    }
}
