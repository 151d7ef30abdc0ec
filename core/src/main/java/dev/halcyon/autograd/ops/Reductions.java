package dev.halcyon.autograd.ops;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Backend;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** Operations that fold axes: the folded axes stay with extent 1. */
public final class Reductions {
    private Reductions() {
    }

    /** Sum over the given axes. */
    public static Tensor sum(Tensor x, int... axes) {
        Tensor y = reduced(Reduce.Kind.SUM, x, axes);
        return Tape.record("sum", y, List.of(x), List.of(),
                (dy, gradients) -> gradients.write(x, dx -> spread(x, 1, dy, dx)));
    }

    /** Mean over the given axes. */
    public static Tensor mean(Tensor x, int... axes) {
        Tensor y = reduced(Reduce.Kind.MEAN, x, axes);
        double share = (double) y.shape().elements() / x.shape().elements();
        return Tape.record("mean", y, List.of(x), List.of(),
                (dy, gradients) -> gradients.write(x, dx -> spread(x, share, dy, dx)));
    }

    /** Mean over everything, as a scalar. */
    public static Tensor mean(Tensor x) {
        return Shapes.reshape(mean(x, allAxes(x)), Shape.SCALAR);
    }

    /** Sum over everything, as a scalar. */
    public static Tensor sum(Tensor x) {
        return Shapes.reshape(sum(x, allAxes(x)), Shape.SCALAR);
    }

    /** Sum of squares over the given axes. */
    public static Tensor sumOfSquares(Tensor x, int... axes) {
        Backend backend = x.device().backend();
        Tensor y = reduced(Reduce.Kind.SUM_OF_SQUARES, x, axes);
        return Tape.record("sumOfSquares", y, List.of(x), List.of(), (dy, gradients) -> gradients.write(x, dx -> {
            spread(x, 2, dy, dx);
            backend.binary(Binary.MULTIPLY, dx, x.view(), dx);
        }));
    }

    /** Largest element over the given axes; equal largest elements share the gradient. */
    public static Tensor max(Tensor x, int... axes) {
        Backend backend = x.device().backend();
        Tensor y = reduced(Reduce.Kind.MAX, x, axes);
        return Tape.record("max", y, List.of(x), List.of(), (dy, gradients) -> gradients.write(x, dx -> {
            backend.binary(Binary.GREATER_EQUAL, x.view(), y.view(), dx);
            try (Tensor share = Tensor.empty(x.device(), x.type(), y.shape())) {
                backend.reduce(Reduce.of(Reduce.Kind.SUM), dx, share.view());
                backend.binary(Binary.DIVIDE, dy, share.view(), share.view());
                backend.binary(Binary.MULTIPLY, dx, share.view(), dx);
            }
        }));
    }

    /** Index of the largest element of each row [.., k], the first of equals, as int64 [..]. Not differentiable. */
    public static Tensor argMax(Tensor x) {
        if (x.shape().rank() == 0) {
            throw new ShapeException("argMax", "rows [.., k]", x.shape());
        }
        long[] rows = new long[x.shape().rank() - 1];
        for (int axis = 0; axis < rows.length; axis++) {
            rows[axis] = x.shape().extent(axis);
        }
        Tensor indices = Tensor.empty(x.device(), DataType.INT64, Shape.of(rows));
        x.device().backend().argMax(x.view(), indices.view());
        return indices;
    }

    /**
     * The largest elements of each row, descending, the lower index first among equals. Not differentiable.
     *
     * @param values [n, count]
     * @param indices int64 [n, count]
     */
    public record Top(Tensor values, Tensor indices) {
    }

    /** The {@code count} largest elements of each row of x [n, k]. */
    public static Top topK(Tensor x, int count) {
        if (x.shape().rank() != 2 || count < 1 || count > x.shape().extent(1)) {
            throw new ShapeException("topK", "rows [n, k] with k of at least " + count, x.shape());
        }
        Shape shape = x.shape().with(1, count);
        Tensor values = Tensor.empty(x.device(), x.type(), shape);
        Tensor indices = Tensor.empty(x.device(), DataType.INT64, shape);
        x.device().backend().topK(x.view(), values.view(), indices.view());
        return new Top(values, indices);
    }

    private static Tensor reduced(Reduce.Kind kind, Tensor x, int[] axes) {
        Reduce reduce = Reduce.of(kind);
        Tensor y = Tensor.empty(x.device(), x.type(), reduce.outputShape(x.shape(), axes));
        x.device().backend().reduce(reduce, x.view(), y.view());
        return y;
    }

    /** dx = factor dy, broadcast to x's shape. */
    private static void spread(Tensor x, double factor, View dy, View dx) {
        Backend backend = x.device().backend();
        backend.fill(dx, factor);
        backend.binary(Binary.MULTIPLY, dx, dy, dx);
    }

    private static int[] allAxes(Tensor x) {
        return IntStream.range(0, x.shape().rank()).toArray();
    }
}
