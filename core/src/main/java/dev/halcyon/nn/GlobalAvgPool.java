package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Pooling;
import dev.halcyon.tensor.Tensor;

/** The average over each whole image: [n, h, w, c] becomes [n, 1, 1, c]. */
public final class GlobalAvgPool extends Module {
    /** A pool over whatever size the images have. */
    public GlobalAvgPool() {
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Pooling.globalAveragePool(x);
    }
}
