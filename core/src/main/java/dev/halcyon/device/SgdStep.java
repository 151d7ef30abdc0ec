package dev.halcyon.device;

/**
 * One step of stochastic gradient descent, for each parameter w with gradient g and velocity v:
 *
 * <pre>
 * g += weightDecay w          (classic decay: part of the gradient)
 * w -= rate decoupledDecay w  (decoupled decay: Loshchilov and Hutter 2019)
 * v = momentum v + g          (without momentum, v is g)
 * w -= rate (nesterov ? g + momentum v : v)
 * g = 0
 * </pre>
 *
 * @param rate learning rate
 * @param momentum in [0, 1); with 0 no velocities are kept
 * @param nesterov look ahead (Sutskever et al. 2013, in PyTorch's form)
 * @param weightDecay classic decay
 * @param decoupledDecay decoupled decay
 */
public record SgdStep(double rate, double momentum, boolean nesterov, double weightDecay, double decoupledDecay) {
}
