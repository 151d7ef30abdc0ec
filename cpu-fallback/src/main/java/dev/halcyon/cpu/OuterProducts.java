package dev.halcyon.cpu;

/**
 * Sums of one term that are added to C, such as the weights' gradient of a linear layer of one image: a pass over C in
 * the order of memory.
 */
final class OuterProducts {
    private OuterProducts() {
    }

    static boolean suits(Product p) {
        return p.k() == 1 && p.accumulate() && p.left() instanceof MatrixOperand
                && p.right() instanceof MatrixOperand right && !right.transposed();
    }

    static void multiply(Product p, Workers workers) {
        MatrixOperand left = (MatrixOperand) p.left();
        MatrixOperand right = (MatrixOperand) p.right();
        long step = left.transposed() ? 4 : left.step();
        long perChunk = Workers.chunkSize(p.m(), 2.0 * p.n());
        workers.run(Math.toIntExact(Math.ceilDiv(p.m(), perChunk)), (chunk, _) -> {
            long end = Math.min(p.m(), (chunk + 1) * perChunk);
            for (long row = chunk * perChunk; row < end; row++) {
                long c = p.target().row(row);
                float factor = left.alpha() * Memory.getFloat(left.address() + row * step);
                Vectorization.rows().scaleAdd(factor, right.address(), 1, c, p.n());
                p.epilogue().apply(c, p.n());
            }
        });
    }
}
