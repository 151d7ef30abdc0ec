package dev.halcyon.cuda;

import dev.halcyon.device.Gemm;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;

/** Products of matrices by our own kernels, each as a pass of a convolution with one tap. */
final class MatrixProducts {
    private final Launcher launcher;
    private final Products products;
    private final Operands operands;
    private final Shapes shapes;

    /** How large the matrices are, and how many of each. */
    record Extents(long batch, int m, int n, int k) {
        static Extents of(Gemm d, Shape a, Shape b) {
            return new Extents(a.rank() == 3 ? a.extent(0) : 1, Math.toIntExact(d.m(a)), Math.toIntExact(d.n(b)),
                    Math.toIntExact(d.k(a)));
        }

        ProductTarget target(Gemm d, View c) {
            return ProductTarget.rows(c, (long) m * n, n, m).scaled(d.alpha(), d.beta());
        }
    }

    MatrixProducts(Launcher launcher, Products products) {
        this.launcher = launcher;
        this.products = products;
        operands = new Operands(launcher);
        shapes = new Shapes(launcher);
    }

    void multiply(Gemm d, View a, View b, Extents extents, ProductTarget target) {
        if (!d.transposeA()) {
            if (d.transposeB()) {
                byTransposed(a, b, extents, target);
            } else {
                plain(a, b, extents, target);
            }
        } else if (d.transposeB()) {
            try (Temporary copy = launcher.temporary(b.bytes())) {
                boolean one = b.shape().rank() == 2;
                Shape turned = one
                        ? Shape.of(extents.k, extents.n)
                        : Shape.of(extents.batch, extents.k, extents.n);
                View right = new View(new CudaBuffer(copy.address(), b.bytes()), 0, turned, b.type());
                shapes.transpose(one ? new int[] {1, 0} : new int[] {0, 2, 1}, b, right);
                transposed(a, right, extents, target);
            }
        } else {
            transposed(a, b, extents, target);
        }
    }

    /** C = A B, a forward pass: A's rows are pixels, B's rows inputs. */
    private void plain(View a, View b, Extents e, ProductTarget target) {
        try (Operand left = operands.channels(a, 1, e.k);
                Operand right = operands.rows(b, e.batch, e.k, true, 1, e.n)) {
            int k = left.channels();
            int n = right.channels();
            run(Products.Pass.FORWARD, a.type(), left, right, new Products.Sizes(e.batch, (long) e.m * k, (long) k * n,
                    k, n, e.m, e.n, k, k, n), e.m, target);
        }
    }

    /** C = A B', an input gradient: A's rows are pixels of dy, B's rows inputs. */
    private void byTransposed(View a, View b, Extents e, ProductTarget target) {
        try (Operand left = operands.channels(a, 1, e.k); Operand right = operands.channels(b, 1, e.k)) {
            int k = left.channels();
            run(Products.Pass.INPUT_GRADIENT, a.type(), left, right, new Products.Sizes(e.batch, (long) e.m * k,
                    (long) e.n * k, k, k, e.m, e.n, k, e.n, k), e.m, target);
        }
    }

    /** C = A' B, a weight gradient: rows of both are pixels. */
    private void transposed(View a, View b, Extents e, ProductTarget target) {
        try (Operand left = operands.channels(a, 1, e.m); Operand right = operands.channels(b, 1, e.n)) {
            int m = left.channels();
            int n = right.channels();
            ProductTarget padded = target.from(1, m);
            run(Products.Pass.WEIGHT_GRADIENT, a.type(), left, right, new Products.Sizes(e.batch, (long) e.k * m,
                    (long) e.k * n, m, n, m, e.n, e.k, m, n), e.k, padded);
        }
    }

    private void run(Products.Pass pass, DataType type, Operand a, Operand b, Products.Sizes sizes, int pixels,
            ProductTarget target) {
        products.multiply(pass, type, a, b, sizes, ConvolutionWindows.single(1), ConvolutionWindows.single(pixels), 1,
                pixels, target);
    }
}
