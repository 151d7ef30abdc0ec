package dev.halcyon.optim;

import dev.halcyon.device.SgdStep;
import dev.halcyon.nn.Parameter;
import java.util.List;

/**
 * Stochastic gradient descent; see {@link SgdStep} for the formulas.
 *
 * @param momentum share of the last velocity that is kept, in [0, 1)
 * @param isNesterov whether the gradient is applied once more behind the velocity
 * @param decay weight decay, at least 0
 * @param isDecoupled whether the decay shrinks weights directly instead of adding to the gradient
 * @param weightsOnly whether biases and normalisations are spared the decay
 */
public record Sgd(double momentum, boolean isNesterov, double decay, boolean isDecoupled, boolean weightsOnly)
        implements Optimizer.Settings {

    /** Checks the ranges. */
    public Sgd {
        if (!(momentum >= 0 && momentum < 1) || !(decay >= 0)) {
            throw new IllegalArgumentException("sgd: expected momentum in [0, 1) and weight decay of at least 0, found "
                    + momentum + " and " + decay);
        }
        if (isNesterov && momentum == 0) {
            throw new IllegalArgumentException("sgd: Nesterov's form needs a momentum above 0");
        }
    }

    /** Without momentum or decay: weight change = -rate × gradient and nothing else. */
    public static Sgd plain() {
        return momentum(0);
    }

    /** With momentum. */
    public static Sgd momentum(double momentum) {
        return new Sgd(momentum, false, 0, false, false);
    }

    /** These settings in Nesterov's form. */
    public Sgd nesterov() {
        return new Sgd(momentum, true, decay, isDecoupled, weightsOnly);
    }

    @Override
    public Sgd weightDecay(double newDecay) {
        return new Sgd(momentum, isNesterov, newDecay, isDecoupled, weightsOnly);
    }

    /** These settings with the decay decoupled from the gradient. */
    public Sgd decoupled() {
        return new Sgd(momentum, isNesterov, decay, true, weightsOnly);
    }

    @Override
    public Sgd decayWeightsOnly() {
        return new Sgd(momentum, isNesterov, decay, isDecoupled, true);
    }

    @Override
    public String name() {
        return "sgd";
    }

    @Override
    public Optimizer on(List<Parameter> parameters) {
        List<String> memory = momentum == 0 ? List.of() : List.of("momentum");
        return new GroupedOptimizer(ParameterGroup.of(parameters, weightsOnly, memory), this::move);
    }

    private void move(ParameterGroup group, double rate, long step) {
        double applied = group.isDecayed() ? decay : 0;
        SgdStep d = new SgdStep(rate, momentum, isNesterov, isDecoupled ? 0 : applied, isDecoupled ? applied : 0);
        group.backend().sgd(d, group.values(), group.gradients(), momentum == 0 ? List.of() : group.memory(0));
    }
}
