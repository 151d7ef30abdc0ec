package dev.halcyon.device;

import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;

/**
 * A matrix product C = alpha op(A) op(B) + beta C, where op transposes on request. With {@code beta} 0, C is written
 * without being read.
 *
 * @param transposeA A is stored as [k, m] instead of [m, k]
 * @param transposeB B is stored as [n, k] instead of [k, n]
 * @param alpha factor of the product
 * @param beta factor of what C held before
 */
public record Gemm(boolean transposeA, boolean transposeB, double alpha, double beta) {
    /** C = A B. */
    public static final Gemm PLAIN = new Gemm(false, false, 1, 0);

    /** C = op(A) op(B). */
    public static Gemm of(boolean transposeA, boolean transposeB) {
        return new Gemm(transposeA, transposeB, 1, 0);
    }

    /** The same product, added to C. */
    public Gemm accumulate() {
        return new Gemm(transposeA, transposeB, alpha, 1);
    }

    /** Rows of the product. */
    public long m(Shape a) {
        return a.extent(transposeA ? -1 : -2);
    }

    /** Columns of the product. */
    public long n(Shape b) {
        return b.extent(transposeB ? -2 : -1);
    }

    /** Terms of each sum. */
    public long k(Shape a) {
        return a.extent(transposeA ? -2 : -1);
    }

    /**
     * The product's shape: [m, n], or [batch, m, n] for rank-3 operands.
     *
     * @throws ShapeException if ranks, batches or inner extents differ
     */
    public Shape outputShape(Shape a, Shape b) {
        if (a.rank() != b.rank() || a.rank() < 2 || a.rank() > 3) {
            throw new ShapeException("gemm", "two matrices or two batches of matrices", a + " and " + b);
        }
        if (a.rank() == 3 && a.extent(0) != b.extent(0)) {
            throw new ShapeException("gemm", "as many matrices on both sides", a + " and " + b);
        }
        long right = b.extent(transposeB ? -1 : -2);
        if (k(a) != right) {
            throw new ShapeException("gemm",
                    "inner extents that agree, [m, k" + (transposeA ? " transposed" : "") + "] and [k, n"
                            + (transposeB ? " transposed" : "") + "]",
                    a + " and " + b + " (" + k(a) + " against " + right + ")");
        }
        return a.rank() == 2 ? Shape.of(m(a), n(b)) : Shape.of(a.extent(0), m(a), n(b));
    }
}
