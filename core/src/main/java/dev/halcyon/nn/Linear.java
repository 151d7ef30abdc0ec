package dev.halcyon.nn;

import dev.halcyon.autograd.ops.MatrixProducts;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;

/** A fully connected layer: y = x W + b, with x [n, in] and y [n, out]. */
public final class Linear extends Module {
    private final Parameter weight;
    private final Parameter bias;

    /** A layer with a bias, initialised as PyTorch does it. */
    public Linear(long in, long out) {
        this(in, out, true, Initializer.uniformFanIn());
    }

    /**
     * A layer.
     *
     * @param in inputs per row
     * @param out outputs per row
     * @param withBias whether it has a bias
     * @param initializer of the weights
     */
    public Linear(long in, long out, boolean withBias, Initializer initializer) {
        weight = parameter("weight", Parameter.Role.WEIGHT, Shape.of(in, out), initializer);
        bias = withBias
                ? parameter("bias", Parameter.Role.BIAS, Shape.of(out), Initializer.uniform(in))
                : null;
    }

    /** Its weights [in, out]. */
    public Parameter weight() {
        return weight;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return MatrixProducts.linear(x, weight.tensor(), bias == null ? null : bias.tensor());
    }

    @Override
    public String toString() {
        return "Linear " + weight.shape().extent(0) + " → " + weight.shape().extent(1);
    }
}
