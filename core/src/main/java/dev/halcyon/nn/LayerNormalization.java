package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Normalization;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;

/** Layer normalisation over the innermost axis. */
public final class LayerNormalization extends Module {
    private final LayerNorm settings;
    private final Parameter weight;
    private final Parameter bias;

    /** Normalisation of rows of {@code features} with epsilon 1e-5. */
    public LayerNormalization(int features) {
        this(features, new LayerNorm(1e-5));
    }

    /** Normalisation of rows of {@code features}. */
    public LayerNormalization(int features, LayerNorm settings) {
        this.settings = settings;
        weight = parameter("weight", Parameter.Role.NORM, Shape.of(features), Initializer.ONES);
        bias = parameter("bias", Parameter.Role.NORM, Shape.of(features), Initializer.ZEROS);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Normalization.layerNorm(settings, x, weight.tensor(), bias.tensor());
    }
}
