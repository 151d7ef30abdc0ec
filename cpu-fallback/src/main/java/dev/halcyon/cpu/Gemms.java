package dev.halcyon.cpu;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import java.util.List;

/**
 * Matrix products. B is packed into strips once, in parallel; then blocks of C are computed independently. A is read
 * where it lies, whichever way it is stored, since a tile takes any row pointers and any step along k.
 */
final class Gemms {
    /** Terms of one pass over a block: a strip of B this long stays in the second-level cache. */
    private static final int K_BLOCK = 512;
    private static final int ROW_BLOCK = 96;
    private static final int COLUMN_BLOCK = 256;
    /** With fewer rows than this, packing B costs more than it saves. */
    private static final int ROWS_WORTH_PACKING = 24;
    private static final int MOST_TILE_ROWS = 8;

    private final Workers workers;
    private final Scratch packed = new Scratch();

    Gemms(Workers workers) {
        this.workers = workers;
    }

    /**
     * The operands of one product, by address.
     *
     * @param aRow bytes from a row of A to the next
     * @param aStep bytes from one term to the next within a row of A
     * @param bStep bytes from one term to the next within a column of B
     * @param bColumn bytes from a column of B to the next
     * @param bias [n], or 0 for none
     */
    record Operands(int m, int n, int k, long a, long aRow, long aStep, long b, long bStep, long bColumn, long c,
            float alpha, float beta, long bias, Unary activation) {
    }

    void gemm(Gemm d, Unary activation, View a, View b, View bias, View c) {
        multiply(operands(d, a, b, bias, activation, c));
    }

    void batched(Gemm d, View a, View b, View c) {
        for (long batch = 0; batch < a.extent(0); batch++) {
            gemm(d, Unary.IDENTITY, a.row(batch), b.row(batch), null, c.row(batch));
        }
    }

    private static Operands operands(Gemm d, View a, View b, View bias, Unary activation, View c) {
        int m = Math.toIntExact(d.m(a.shape()));
        int n = Math.toIntExact(d.n(b.shape()));
        int k = Math.toIntExact(d.k(a.shape()));
        long aRow = d.transposeA() ? 4 : 4L * k;
        long aStep = d.transposeA() ? 4L * m : 4;
        long bStep = d.transposeB() ? 4 : 4L * n;
        long bColumn = d.transposeB() ? 4L * k : 4;
        return new Operands(m, n, k, Memory.address(a), aRow, aStep, Memory.address(b), bStep, bColumn,
                Memory.address(c), (float) d.alpha(), (float) d.beta(), bias == null ? 0 : Memory.address(bias),
                activation);
    }

    void multiply(Operands o) {
        boolean direct = o.bColumn == Float.BYTES && o.alpha == 1 && o.m < ROWS_WORTH_PACKING;
        long strips = direct ? 0 : pack(o);
        int columnBlocks = (o.n + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
        int rowBlock = rowBlock(o, columnBlocks);
        int rowBlocks = (o.m + rowBlock - 1) / rowBlock;
        boolean small = 2.0 * o.m * o.n * o.k < Workers.WORTH_SHARING;
        Workers.ChunkBody body = (chunk, worker) -> {
            int row = chunk / columnBlocks * rowBlock;
            int column = chunk % columnBlocks * COLUMN_BLOCK;
            block(o, strips, row, Math.min(o.m, row + rowBlock), column, Math.min(o.n, column + COLUMN_BLOCK),
                    workers.scratch(worker));
        };
        if (small) {
            for (int chunk = 0; chunk < rowBlocks * columnBlocks; chunk++) {
                body.run(chunk, 0);
            }
        } else {
            workers.run(rowBlocks * columnBlocks, body);
        }
    }

    /** Smaller blocks of rows where there would be too few to share out. */
    private static int rowBlock(Operands o, int columnBlocks) {
        int block = ROW_BLOCK;
        while (block > 24 && (o.m + block - 1) / block * columnBlocks < 16) {
            block /= 2;
        }
        return block;
    }

    private long pack(Operands o) {
        List<Panels.Strip> strips = Panels.strips(0, o.n);
        long target = packed.request(4L * o.k * Panels.paddedColumns(o.n));
        int slices = (o.k + K_BLOCK - 1) / K_BLOCK;
        workers.run(strips.size() * slices, (chunk, worker) -> {
            Panels.Strip strip = strips.get(chunk / slices);
            int first = chunk % slices * K_BLOCK;
            Panels.pack(strip, o.b + first * o.bStep, o.bStep, o.bColumn, Math.min(K_BLOCK, o.k - first), o.alpha,
                    target + 4L * o.k * strip.start() + 4L * first * strip.width());
        });
        return target;
    }

    private static void block(Operands o, long strips, int row0, int row1, int column0, int column1,
            Scratch scratch) {
        long plan = scratch.request(8L * (MOST_TILE_ROWS + 2 + MOST_TILE_ROWS));
        long table = plan + 8L * (MOST_TILE_ROWS + 2);
        RowKernels rows = Vectorization.rows();
        if (o.beta != 0 && o.beta != 1) {
            for (int row = row0; row < row1; row++) {
                long c = o.c + 4L * (row * (long) o.n + column0);
                rows.scaleAdd(o.beta, c, 0, c, column1 - column0);
            }
        }
        for (int k = 0; k < o.k; k += K_BLOCK) {
            boolean accumulate = k > 0 || o.beta != 0;
            int length = Math.min(K_BLOCK, o.k - k);
            for (Panels.Strip strip : Panels.strips(column0, column1)) {
                long b = strips == 0
                        ? o.b + k * o.bStep + 4L * strip.start()
                        : strips + 4L * o.k * strip.start() + 4L * k * strip.width();
                long bStep = strips == 0 ? o.bStep : 4L * strip.width();
                strip(o, strip, b, bStep, k, length, row0, row1, plan, table, accumulate);
            }
        }
        finish(o, rows, row0, row1, column0, column1);
    }

    private static void strip(Operands o, Panels.Strip strip, long b, long bStep, int k, int length, int row0,
            int row1, long plan, long table, boolean accumulate) {
        int tileRows = Panels.tile(strip).rows();
        Memory.setLong(plan, length);
        Memory.setLong(plan + 8, b);
        for (int row = row0; row < row1; row += tileRows) {
            int rows = Math.min(tileRows, row1 - row);
            for (int i = 0; i < tileRows; i++) {
                long r = row + Math.min(i, rows - 1);
                Memory.setLong(plan + 16 + 8L * i, o.a + r * o.aRow + k * o.aStep);
                Memory.setLong(table + 8L * i, o.c + 4 * (r * o.n + strip.start()));
            }
            Vectorization.tiles().multiply(strip.tile(), plan, 1, o.aStep, bStep, table, rows, strip.columns(),
                    accumulate);
        }
    }

    /** Adds the bias and applies the activation while the block is still in the cache. */
    private static void finish(Operands o, RowKernels rows, int row0, int row1, int column0, int column1) {
        if (o.bias == 0 && o.activation == Unary.IDENTITY) {
            return;
        }
        int width = column1 - column0;
        for (int row = row0; row < row1; row++) {
            long c = o.c + 4L * (row * (long) o.n + column0);
            if (o.bias != 0) {
                rows.binary(Binary.ADD, c, 1, o.bias + 4L * column0, 1, c, width);
            }
            if (o.activation != Unary.IDENTITY) {
                rows.unary(o.activation, c, c, width);
            }
        }
    }

    void close() {
        packed.close();
    }
}
