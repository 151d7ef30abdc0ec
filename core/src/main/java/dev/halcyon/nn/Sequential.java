package dev.halcyon.nn;

import java.util.List;

/** Modules applied one after the other, named by their position as in PyTorch: {@code 0}, {@code 1}, … */
public final class Sequential extends NamedChain {
    /** A chain of modules. */
    public Sequential(Module... steps) {
        this(List.of(steps));
    }

    /** A chain of modules. */
    public Sequential(List<? extends Module> steps) {
        for (int i = 0; i < steps.size(); i++) {
            then(Integer.toString(i), steps.get(i));
        }
    }
}
