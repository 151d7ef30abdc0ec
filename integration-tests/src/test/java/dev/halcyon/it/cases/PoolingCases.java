package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.Pool2d;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rows of pooling and its gradients. */
final class PoolingCases {
    private PoolingCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        for (long channels : new long[] {1, 3, 15, 16, 17, 33, 65}) {
            both(rows, Pool2d.of(2, 2, 0), Shape.of(2, 6, 6, channels));
            both(rows, Pool2d.of(3, 2, 1), Shape.of(1, 7, 9, channels));
        }
        both(rows, Pool2d.of(1, 1, 0), Shape.of(1, 1, 1, 1));
        both(rows, Pool2d.of(2, 1, 1), Shape.of(2, 1, 1, 5));
        both(rows, Pool2d.of(2, 2, 0), Shape.of(1, 7, 5, 4));
        both(rows, Pool2d.of(3, 1, 0), Shape.of(2, 5, 5, 20));
        both(rows, Pool2d.of(2, 3, 0), Shape.of(2, 8, 8, 18));
        both(rows, Pool2d.of(5, 1, 2), Shape.of(1, 6, 6, 19));
        both(rows, Pool2d.of(7, 3, 3), Shape.of(1, 9, 9, 6));
        both(rows, new Pool2d(3, 2, 1, 2, 1, 0), Shape.of(2, 6, 8, 11));
        both(rows, new Pool2d(1, 4, 1, 3, 0, 2), Shape.of(3, 4, 10, 7));
        both(rows, Pool2d.of(2, 2, 0), Shape.of(8, 16, 16, 32));
        both(rows, Pool2d.of(2, 2, 0), Shape.of(9, 28, 28, 6));
        both(rows, Pool2d.of(3, 2, 1), Shape.of(9, 28, 28, 6));
        for (Shape x : List.of(Shape.of(2, 4, 4, 33), Shape.of(3, 1, 1, 8), Shape.of(1, 7, 3, 16),
                Shape.of(2, 16, 16, 10), Shape.of(3, 9, 9, 72))) {
            both(rows, Pool2d.global(x), x);
        }
        Shape x = Shape.of(2, 9, 9, 18);
        Pool2d overlapping = Pool2d.of(3, 2, 1);
        rows.add(max("all equal", overlapping, x, Values.listed(-2)));
        rows.add(max("below zero", overlapping, x, Values.uniform(-9, -8)));
        rows.add(max("with NaN", overlapping, x, Values.NORMAL.with(Double.NaN, 4, 37)));
        rows.add(max("with infinities", overlapping, x, Values.NORMAL.with(Double.POSITIVE_INFINITY, 3, 31)
                .with(Double.NEGATIVE_INFINITY, 7, 29)));
        rows.add(max("with NaN", Pool2d.of(2, 2, 0), x, Values.NORMAL.with(Double.NaN, 4, 37)));
        rows.add(max("with NaN", Pool2d.of(4, 2, 1), x, Values.NORMAL.with(Double.NaN, 4, 37)));
        rows.add(max("minus infinity", overlapping, x, Values.listed(Double.NEGATIVE_INFINITY)));
        rows.add(max("zeros of both signs", overlapping, x, Values.listed(0.0, -0.0, -0.0, 0.0, -0.0)));
        Shape narrow = Shape.of(2, 9, 9, 5);
        for (Pool2d sideBySide : List.of(Pool2d.of(2, 2, 0), Pool2d.of(3, 3, 1))) {
            both(rows, sideBySide, narrow);
            rows.add(max("with NaN", sideBySide, narrow, Values.NORMAL.with(Double.NaN, 4, 7)));
            rows.add(max("minus infinity", sideBySide, narrow, Values.listed(Double.NEGATIVE_INFINITY)));
            rows.add(max("zeros of both signs", sideBySide, narrow, Values.listed(0.0, -0.0, -0.0, 0.0, -0.0)));
        }
        both(rows, new Pool2d(3, 2, 3, 2, 0, 1), Shape.of(3, 10, 7, 6));
        return rows;
    }

    private static void both(List<KernelCase> rows, Pool2d d, Shape x) {
        rows.add(max("distinct", d, x, Values.NORMAL));
        rows.add(max("ties", d, x, Values.whole(-1, 2)));
        rows.add(maxGradient(d, x));
        Shape y = d.outputShape(x);
        int window = d.kernelHeight() * d.kernelWidth();
        rows.add(KernelCase.of("averagePool", label(d, x), (b, v) -> b.averagePool(d, v[0], v[1]), in(x), out(y))
                .sumOf(window));
        rows.add(KernelCase.of("averagePoolGradient", label(d, x), (b, v) -> b.averagePoolGradient(d, v[0], v[1]),
                in(y), out(x)).sumOf(window));
    }

    private static KernelCase max(String values, Pool2d d, Shape x, Values content) {
        Shape y = d.outputShape(x);
        return KernelCase.of("maxPool", values + " " + label(d, x), (b, v) -> b.maxPool(d, v[0], v[1], v[2]),
                in(x, content), out(y), out(y, DataType.UINT8)).within(Tolerance.EXACT);
    }

    /** Arguments that a forward pass could have written: made by one. */
    private static KernelCase maxGradient(Pool2d d, Shape x) {
        Shape y = d.outputShape(x);
        return KernelCase.of("maxPoolGradient", label(d, x), (b, v) -> {
            b.maxPool(d, v[0], v[1], v[2]);
            b.maxPoolGradient(d, v[2], v[3], v[4]);
        }, in(x), out(y), out(y, DataType.UINT8), in(y), out(x)).sumOf(d.kernelHeight() * d.kernelWidth());
    }

    private static String label(Pool2d d, Shape x) {
        return x + " by " + d.kernelHeight() + "x" + d.kernelWidth() + ", stride " + d.strideHeight() + "x"
                + d.strideWidth() + ", padding " + d.paddingHeight() + "x" + d.paddingWidth();
    }
}
