package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Shapes;
import dev.halcyon.tensor.Tensor;

/** Rows of features from images, channel by channel as in PyTorch: [n, h, w, c] becomes [n, c h w]. */
public final class Flatten extends Module {
    /** The layer has no settings. */
    public Flatten() {
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Shapes.flatten(x);
    }
}
