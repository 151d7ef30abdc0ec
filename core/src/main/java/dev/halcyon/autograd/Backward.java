package dev.halcyon.autograd;

import dev.halcyon.device.View;

/** The gradient of one recorded operation: the chain rule, one link of it. */
@FunctionalInterface
public interface Backward {
    /**
     * Turns the gradient of the operation's output into gradients of its inputs.
     *
     * @param dy gradient of the loss with respect to the output, of the output's shape; not to be changed, but
     *        by {@link Gradients#writeOver}
     * @param gradients receives the gradients of those inputs that want one
     */
    void apply(View dy, Gradients gradients);
}
