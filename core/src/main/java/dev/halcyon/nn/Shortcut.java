package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Shapes;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;

/**
 * The shortcut without parameters of the first residual networks (option A of He et al. 2016, section 4.2): every
 * {@code stride}-th pixel, with zero channels put in equal parts before and behind to widen it.
 */
public final class Shortcut extends Module {
    private final int stride;
    private final int out;

    /**
     * A shortcut.
     *
     * @param stride step between the pixels that are taken
     * @param out channels of the result, at least as many as come in
     */
    public Shortcut(int stride, int out) {
        this.stride = stride;
        this.out = out;
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor y = stride == 1 ? x : everyNth(x);
        long in = x.shape().extent(3);
        if (in == out) {
            return y;
        }
        return Shapes.pad(y, new long[] {0, 0, 0, (out - in) / 2}, y.shape().with(3, out));
    }

    /** Rows and columns 0, stride, 2 stride, …: a slice of the image seen as blocks of stride × stride pixels. */
    private Tensor everyNth(Tensor x) {
        Shape shape = x.shape();
        long n = shape.extent(0);
        long rows = (shape.extent(1) + stride - 1) / stride;
        long columns = (shape.extent(2) + stride - 1) / stride;
        long c = shape.extent(3);
        Tensor whole = x;
        Shape padded = Shape.of(n, rows * stride, columns * stride, c);
        if (!padded.equals(shape)) {
            whole = Shapes.pad(x, new long[4], padded);
        }
        Tensor blocks = Shapes.reshape(whole, Shape.of(n * rows, stride, columns, stride * c));
        Tensor corner = Shapes.slice(blocks, new long[4], Shape.of(n * rows, 1, columns, c));
        return Shapes.reshape(corner, Shape.of(n, rows, columns, c));
    }
}
