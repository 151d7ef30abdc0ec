package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Pooling;
import dev.halcyon.device.Pool2d;
import dev.halcyon.tensor.Tensor;

/** The average of each window, padding counted as zeros. */
public final class AvgPool extends Module {
    private final Pool2d window;

    /** A square window that moves by its own size. */
    public AvgPool(int kernel) {
        this(Pool2d.of(kernel, kernel, 0));
    }

    /** Any window. */
    public AvgPool(Pool2d window) {
        this.window = window;
    }

    /** Kernel, stride and padding. */
    public Pool2d window() {
        return window;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Pooling.averagePool(window, x);
    }
}
