package dev.halcyon.models;

import dev.halcyon.nn.Module;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Modules applied one after the other, each under a name of its own. */
abstract class NamedChain extends Module {
    private final List<Module> steps = new ArrayList<>();

    final void then(String name, Module step) {
        steps.add(child(name, step));
    }

    @Override
    protected final Tensor compute(Tensor x) {
        Tensor y = x;
        for (Module step : steps) {
            y = step.forward(y);
        }
        return y;
    }
}
