package dev.halcyon.nn;

import dev.halcyon.tensor.Tensor;
import java.util.List;

/** Modules applied one after the other, named by their position as in PyTorch: {@code 0}, {@code 1}, … */
public final class Sequential extends Module {
    private final List<Module> steps;

    /** A chain of modules. */
    public Sequential(Module... steps) {
        this(List.of(steps));
    }

    /** A chain of modules. */
    public Sequential(List<? extends Module> steps) {
        this.steps = List.copyOf(steps);
        for (int i = 0; i < steps.size(); i++) {
            child(Integer.toString(i), steps.get(i));
        }
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor y = x;
        for (Module step : steps) {
            y = step.forward(y);
        }
        return y;
    }
}
