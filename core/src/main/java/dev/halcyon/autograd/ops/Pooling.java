package dev.halcyon.autograd.ops;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Backend;
import dev.halcyon.device.Pool2d;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.util.List;

/** Pooling of images [n, h, w, c] over windows. */
public final class Pooling {
    private Pooling() {
    }

    /** The largest element of each window; the first of equals gets the gradient. */
    public static Tensor maxPool(Pool2d d, Tensor x) {
        if (d.kernelHeight() * d.kernelWidth() > Pool2d.LARGEST_MAX_WINDOW) {
            throw new ShapeException("maxPool", "a window of at most " + Pool2d.LARGEST_MAX_WINDOW + " elements",
                    d.kernelHeight() + "x" + d.kernelWidth());
        }
        Backend backend = x.device().backend();
        Shape shape = d.outputShape(x.shape());
        Tensor y = Tensor.empty(x.device(), x.type(), shape);
        Tensor argument = Tensor.empty(x.device(), DataType.UINT8, shape);
        backend.maxPool(d, x.view(), y.view(), argument.view());
        return Tape.record("maxPool", y, List.of(x), List.of(argument),
                (dy, gradients) -> gradients.write(x, dx -> backend.maxPoolGradient(d, argument.view(), dy, dx)));
    }

    /** The average of each window, padding counted as zeros. */
    public static Tensor averagePool(Pool2d d, Tensor x) {
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), d.outputShape(x.shape()));
        backend.averagePool(d, x.view(), y.view());
        return Tape.record("averagePool", y, List.of(x), List.of(),
                (dy, gradients) -> gradients.write(x, dx -> backend.averagePoolGradient(d, dy, dx)));
    }

    /** The average over each whole image: [n, h, w, c] becomes [n, 1, 1, c]. */
    public static Tensor globalAveragePool(Tensor x) {
        if (x.shape().rank() != 4) {
            throw new ShapeException("globalAveragePool", "images [n, h, w, c]", x.shape());
        }
        return averagePool(Pool2d.global(x.shape()), x);
    }
}
