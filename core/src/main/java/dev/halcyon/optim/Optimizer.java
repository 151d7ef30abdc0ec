package dev.halcyon.optim;

import dev.halcyon.nn.Parameter;
import dev.halcyon.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Moves parameters along their gradients: weight change = -rate × gradient, in one form or another. */
public interface Optimizer extends AutoCloseable {
    /** An optimiser's settings, which make one for the parameters of a network. */
    interface Settings {
        /** An optimiser of the learned ones among {@code parameters}. */
        Optimizer on(List<Parameter> parameters);

        /** These settings with another weight decay. */
        Settings weightDecay(double decay);

        /** These settings with biases and normalisations left out of weight decay. */
        Settings decayWeightsOnly();

        /** The name by which options and recipes call this optimiser. */
        String name();
    }

    /**
     * Moves every parameter once and sets all gradients to zero.
     *
     * @param rate learning rate of this step
     */
    void step(double rate);

    /** What a checkpoint has to keep, by name: velocities, moments. Restored by writing into these tensors. */
    Map<String, Tensor> state();

    /** Number of steps taken so far. */
    long steps();

    /** Goes on as if that many steps had been taken. */
    void steps(long count);

    /** Releases the state. */
    @Override
    void close();
}
