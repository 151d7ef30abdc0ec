package dev.halcyon.nn;

import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Modules applied one after the other, each under a name of its own: what a network without forks extends. */
public abstract class NamedChain extends Module {
    private final List<Module> steps = new ArrayList<>();

    /** An empty chain; constructors of subclasses add to it with {@link #then}. */
    protected NamedChain() {
    }

    /** Adds a module behind the others. */
    protected final void then(String name, Module step) {
        steps.add(child(name, step));
    }

    @Override
    protected final Tensor compute(Tensor x) {
        Tensor y = x;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Convolution convolution && i + 1 < steps.size()
                    && steps.get(i + 1) instanceof BatchNorm2d norm) {
                y = norm.forwardAfter(convolution, y, null);
                i++;
            } else {
                y = steps.get(i).forward(y);
            }
        }
        return y;
    }
}
