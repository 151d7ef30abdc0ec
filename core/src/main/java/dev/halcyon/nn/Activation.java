package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Tensor;
import java.util.Locale;

/** An element-wise function as a layer: {@code new Activation(Unary.RELU)}. */
public final class Activation extends Module {
    private final Unary function;

    /** A layer that applies the given function. */
    public Activation(Unary function) {
        this.function = function;
    }

    /** The function. */
    public Unary function() {
        return function;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Elementwise.unary(function, x);
    }

    @Override
    public String toString() {
        return "Activation " + function.name().toLowerCase(Locale.ROOT);
    }
}
