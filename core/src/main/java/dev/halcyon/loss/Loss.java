package dev.halcyon.loss;

import dev.halcyon.tensor.Tensor;

/** How far a network's output is from the truth: one number, which training makes small. */
@FunctionalInterface
public interface Loss {
    /**
     * The loss of a batch, averaged over it.
     *
     * @param output what the network computed, [n, k]
     * @param targets what is true; the loss says in which form
     * @return a scalar
     */
    Tensor of(Tensor output, Tensor targets);
}
