package dev.halcyon.optim;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.nn.Parameter;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019); see {@link AdamWStep} for the formulas.
 *
 * @param beta1 decay of the mean of gradients, in [0, 1)
 * @param beta2 decay of the mean of their squares, in [0, 1)
 * @param epsilon added to the denominator, above 0
 * @param decay weight decay, at least 0
 * @param weightsOnly whether biases and normalisations are spared the decay
 */
public record AdamW(double beta1, double beta2, double epsilon, double decay, boolean weightsOnly)
        implements Optimizer.Settings {

    /** Checks the ranges. */
    public AdamW {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon > 0) || !(decay >= 0)) {
            throw new IllegalArgumentException("adamw: expected betas in [0, 1), epsilon above 0 and weight decay of at"
                    + " least 0, found " + beta1 + ", " + beta2 + ", " + epsilon + " and " + decay);
        }
    }

    /** The usual settings: betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.01. */
    public static AdamW usual() {
        return new AdamW(0.9, 0.999, 1e-8, 0.01, false);
    }

    @Override
    public AdamW weightDecay(double newDecay) {
        return new AdamW(beta1, beta2, epsilon, newDecay, weightsOnly);
    }

    @Override
    public AdamW decayWeightsOnly() {
        return new AdamW(beta1, beta2, epsilon, decay, true);
    }

    @Override
    public String name() {
        return "adamw";
    }

    @Override
    public Optimizer on(List<Parameter> parameters) {
        return new GroupedOptimizer(ParameterGroup.of(parameters, weightsOnly, List.of("first", "second")), this::move);
    }

    private void move(ParameterGroup group, double rate, long step) {
        AdamWStep d = new AdamWStep(rate, beta1, beta2, epsilon, group.isDecayed() ? decay : 0, step);
        group.backend().adamW(d, group.values(), group.gradients(), group.memory(0), group.memory(1));
    }
}
