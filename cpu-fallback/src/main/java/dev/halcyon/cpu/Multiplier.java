package dev.halcyon.cpu;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Unary;

/**
 * Computes products in blocks that fit the caches (Goto and van de Geijn 2008): the left factor is packed in blocks for
 * the second level, the right one in panels for the first, and tiles of C stay in registers meanwhile.
 */
final class Multiplier {
    private static final int SUM_FLOATS = 2048;
    private static final int ROWS_WORTH_PACKING_ANEW = 192;

    private final Workers workers;
    private final TileBlock[] blocks;
    private final Scratch packed = new Scratch();
    private final Scratch parts = new Scratch();

    Multiplier(Workers workers) {
        this.workers = workers;
        blocks = new TileBlock[workers.threads()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new TileBlock(workers.scratch(i));
        }
    }

    /** Computes a product with all threads. */
    void multiply(Product p) {
        Blocking b = Blocking.of(p.m(), p.n(), p.k());
        boolean once = b.rowBlocks() > 1 && (p.right().packOnce() || b.rows() < ROWS_WORTH_PACKING_ANEW);
        long ready = once ? packRight(p) : 0;
        long sums = b.termBlocks() > 1 ? parts.request(4 * p.m() * p.n() * b.termBlocks()) : 0;
        workers.run(b.chunks(), (chunk, worker) -> {
            int part = chunk / (b.rowBlocks() * b.columnBlocks());
            Product.Target target = sums == 0
                    ? p.target()
                    : new Product.Rows(sums + 4 * p.m() * p.n() * part, 4L * p.n());
            long first = part * b.terms();
            block(p, b, chunk % (b.rowBlocks() * b.columnBlocks()), first, Math.min(p.k(), first + b.terms()), ready,
                    target, worker);
        });
        if (sums != 0) {
            sum(p, sums, b.termBlocks());
        }
    }

    /** Computes a product on the calling worker alone. */
    void multiplyAlone(Product p, int worker) {
        Blocking b = Blocking.of(p.m(), p.n(), p.k());
        for (int chunk = 0; chunk < b.rowBlocks() * b.columnBlocks(); chunk++) {
            block(p, b, chunk, 0, p.k(), 0, p.target(), worker);
        }
    }

    private void block(Product p, Blocking b, int chunk, long first, long end, long ready, Product.Target target,
            int worker) {
        long row = (long) (chunk % b.rowBlocks()) * b.rows();
        int column = chunk / b.rowBlocks() * b.columns();
        blocks[worker].run(p, row, (int) Math.min(b.rows(), p.m() - row), column,
                Math.min(b.columns(), p.n() - column), first, end, ready, target);
    }

    /** Packs the whole right factor, panel by panel: terms of a panel are neighbours. */
    private long packRight(Product p) {
        int pair = 2 * Vectorization.tiles().lanes();
        int panels = Math.ceilDiv(p.n(), pair);
        int slices = Math.toIntExact(Math.ceilDiv(p.k(), (long) TileKernels.MOST_DEPTH));
        long target = packed.request(4 * p.k() * TileBlock.paddedColumns(p.n()) + TileKernels.SLACK);
        workers.run(panels * slices, (chunk, worker) -> {
            int column = chunk / slices * pair;
            long k = (long) (chunk % slices) * TileKernels.MOST_DEPTH;
            int width = TileBlock.width(column, p.n());
            int depth = (int) Math.min(TileKernels.MOST_DEPTH, p.k() - k);
            long to = target + 4 * (p.k() * column + k * width);
            packExactly(p, k, depth, column, width, to, worker);
        });
        return target;
    }

    /** By way of memory of the worker's own: packing may write more than its share, where another thread is at work. */
    private void packExactly(Product p, long k, int depth, int column, int width, long to, int worker) {
        int columns = Math.min(width, p.n() - column);
        if (p.right().packOnce()) {
            p.right().pack(k, depth, column, columns, width, to);
            return;
        }
        long bytes = 4L * depth * width;
        long own = workers.scratch(worker).request(bytes + TileKernels.SLACK);
        p.right().pack(k, depth, column, columns, width, own);
        Memory.copy(own, to, bytes);
    }

    /** C from the sums of its parts, added in their order. */
    private void sum(Product p, long sums, int count) {
        RowKernels kernels = Vectorization.rows();
        long bytes = 4 * p.m() * p.n();
        boolean contiguous = p.target().step() == 4L * p.n() && p.bias() == 0;
        long length = contiguous ? p.m() * p.n() : p.n();
        long pieces = Math.ceilDiv(length, (long) SUM_FLOATS);
        long runs = contiguous ? pieces : p.m() * pieces;
        workers.run(Math.toIntExact(runs), (chunk, worker) -> {
            long row = chunk / pieces;
            long start = chunk % pieces * SUM_FLOATS;
            long n = Math.min(SUM_FLOATS, length - start);
            long c = p.target().row(row) + 4 * start;
            long part = sums + 4 * (row * p.n() + start);
            kernels.scaleAdd(1, part, p.accumulate() ? 1 : 0, c, n);
            for (int i = 1; i < count; i++) {
                kernels.scaleAdd(1, part + i * bytes, 1, c, n);
            }
            if (p.bias() != 0) {
                kernels.binary(Binary.ADD, c, 1, p.bias() + 4 * start, 1, c, n);
            }
            if (p.activation() != Unary.IDENTITY) {
                kernels.unary(p.activation(), c, c, n);
            }
        });
    }

    void close() {
        packed.close();
        parts.close();
    }
}
