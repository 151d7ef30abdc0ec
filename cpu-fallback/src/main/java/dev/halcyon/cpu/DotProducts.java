package dev.halcyon.cpu;

/**
 * Products of few rows with a right factor that is read transposed, such as the input gradient of a linear layer of one
 * image: an element is the dot product of two runs of memory, and neither is packed.
 */
final class DotProducts {
    private static final int MOST_ROWS = TileKernels.ROWS;
    private static final int AT_ONCE = TileKernels.DOTS;
    private static final int SUMS = TileKernels.PARTIAL_SUMS;

    private final Workers workers;
    private final TileKernels kernels = Vectorization.tiles();

    DotProducts(Workers workers) {
        this.workers = workers;
    }

    static boolean suits(Product p) {
        return p.m() <= MOST_ROWS && p.n() >= AT_ONCE && p.k() >= SUMS
                && p.left() instanceof MatrixOperand left && !left.transposed()
                && p.right() instanceof MatrixOperand right && right.transposed();
    }

    void multiply(Product p) {
        MatrixOperand left = (MatrixOperand) p.left();
        MatrixOperand right = (MatrixOperand) p.right();
        int terms = Math.toIntExact(p.k());
        workers.forEach(Math.ceilDiv(p.n(), AT_ONCE), 2.0 * AT_ONCE * p.m() * p.k(), (group, worker) -> {
            int first = (int) group * AT_ONCE;
            int from = Math.min(first, p.n() - AT_ONCE);
            long b = right.address() + from * right.step();
            long sums = workers.scratch(worker).request(4L * AT_ONCE * SUMS);
            for (int row = 0; row < p.m(); row++) {
                long a = left.address() + row * left.step();
                kernels.dots(a, b, right.step(), terms / SUMS * SUMS, sums);
                for (int column = first; column < Math.min(p.n(), first + AT_ONCE); column++) {
                    float dot = dot(a, b + (column - from) * right.step(), terms, sums + 4L * (column - from) * SUMS);
                    store(p, row, column, left.alpha() * dot);
                }
                long y = p.target().row(row) + 4L * first;
                p.epilogue().apply(y, Math.min(p.n() - first, AT_ONCE));
            }
        });
    }

    /** The partial sums, with the terms that are still missing, added in their order. */
    private static float dot(long a, long b, int terms, long sums) {
        float dot = 0;
        for (int i = 0; i < SUMS; i++) {
            int k = terms / SUMS * SUMS + i;
            float sum = Memory.getFloat(sums + 4L * i);
            dot += k < terms ? Math.fma(Memory.getFloat(a + 4L * k), Memory.getFloat(b + 4L * k), sum) : sum;
        }
        return dot;
    }

    private static void store(Product p, int row, int column, float value) {
        long c = p.target().row(row) + 4L * column;
        if (p.accumulate()) {
            Memory.setFloat(c, Memory.getFloat(c) + value);
        } else {
            Memory.setFloat(c, p.bias() == 0 ? value : value + Memory.getFloat(p.bias() + 4L * column));
        }
    }
}
