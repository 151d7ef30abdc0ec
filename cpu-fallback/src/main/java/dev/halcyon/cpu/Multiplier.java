package dev.halcyon.cpu;

import dev.halcyon.device.Binary;

/**
 * Computes products in blocks that fit the caches (Goto and van de Geijn 2008): the left factor is packed in blocks for
 * the second level, the right one in panels for the first, and tiles of C stay in registers meanwhile.
 */
final class Multiplier {
    private static final int SUM_FLOATS = 2048;
    /** So many blocks of rows pack the right factor once together, if it stays in cache, rather than a part each. */
    private static final int MANY_ROW_BLOCKS = 3;
    private static final long CACHED_BYTES = 8 << 20;
    /** A piece of the right factor whose pages and lines are at hand while its panels are cut. */
    private static final int PACKED_TERMS = 32;
    private static final int PACKED_COLUMNS = 512;

    private final Workers workers;
    private final PreparedWeights prepared;
    private final TileBlock[] blocks;
    private final FewRows fewRows;
    private final DotProducts dotProducts;
    private final Scratch packed = new Scratch();
    private final Scratch parts = new Scratch();

    Multiplier(Workers workers, PreparedWeights prepared) {
        this.workers = workers;
        this.prepared = prepared;
        fewRows = new FewRows(workers);
        dotProducts = new DotProducts(workers);
        blocks = new TileBlock[workers.threads()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new TileBlock(workers.scratch(i));
        }
    }

    /** The right factor of a product, packed whole. */
    private record Packed(MatrixOperand right, int columns, long terms) implements PreparedWeights.Key {
        @Override
        public long[] sources() {
            return new long[] {right.address()};
        }
    }

    /** Computes a product with all threads. */
    void multiply(Product p) {
        if (FewRows.suits(p)) {
            fewRows.multiply(p);
            return;
        }
        if (DotProducts.suits(p)) {
            dotProducts.multiply(p);
            return;
        }
        if (OuterProducts.suits(p)) {
            OuterProducts.multiply(p, workers);
            return;
        }
        Blocking b = Blocking.of(p.m(), p.n(), p.k());
        boolean cached = 4 * p.k() * p.n() <= CACHED_BYTES;
        long ready = b.termBlocks() == 1 || cached && b.rowBlocks() >= MANY_ROW_BLOCKS
                ? packedRight(p, b.rowBlocks() > 1)
                : 0;
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

    /**
     * The whole right factor, packed, or 0. Such as may be weights that serve again are kept: neither those that are
     * read transposed, nor what is multiplied into sums that go on, belong to inference.
     *
     * @param shared whether several blocks need it
     */
    private long packedRight(Product p, boolean shared) {
        long bytes = 4 * p.k() * TileBlock.paddedColumns(p.n()) + TileKernels.SLACK;
        if (p.right() instanceof MatrixOperand right && !right.transposed() && !p.accumulate()) {
            Packed key = new Packed(right, p.n(), p.k());
            if (prepared.isKnown(key)) {
                return prepared.request(key, bytes, at -> pack(p, at));
            }
        }
        if (!shared) {
            return 0;
        }
        long at = packed.request(bytes);
        pack(p, at);
        return at;
    }

    /** Packs the right factor panel by panel: terms of a panel are neighbours. */
    private void pack(Product p, long target) {
        int groups = Math.ceilDiv(p.n(), PACKED_COLUMNS);
        int slices = Math.toIntExact(Math.ceilDiv(p.k(), (long) PACKED_TERMS));
        workers.run(groups * slices, (chunk, worker) -> {
            int first = chunk / slices * PACKED_COLUMNS;
            int end = Math.min(p.n(), first + PACKED_COLUMNS);
            long k = (long) (chunk % slices) * PACKED_TERMS;
            int depth = (int) Math.min(PACKED_TERMS, p.k() - k);
            for (int column = first, width; column < end; column += width) {
                width = TileBlock.width(column, p.n());
                p.right().pack(k, depth, column, Math.min(width, end - column), width,
                        target + 4 * (p.k() * column + k * width));
            }
        });
    }

    /** C from the sums of its parts, added in their order. */
    private void sum(Product p, long sums, int count) {
        RowKernels kernels = Vectorization.rows();
        long bytes = 4 * p.m() * p.n();
        boolean contiguous = p.target().step() == 4L * p.n() && p.target().line(0) >= p.m() && p.bias() == 0;
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
            p.epilogue().apply(c, n);
        });
    }

    void close() {
        fewRows.close();
        packed.close();
        parts.close();
    }
}
