package dev.halcyon.models;

import dev.halcyon.device.Unary;
import dev.halcyon.nn.Activation;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.Sequential;

/** A multi-layer perceptron: pixels, 512, 512, classes. */
final class Mlp {
    private static final int HIDDEN = 512;

    private Mlp() {
    }

    static Module describe(Model.Input input, int classes) {
        long pixels = (long) input.height() * input.width() * input.channels();
        return new Sequential(new Flatten(), new Linear(pixels, HIDDEN), new Activation(Unary.RELU),
                new Linear(HIDDEN, HIDDEN), new Activation(Unary.RELU), new Linear(HIDDEN, classes));
    }
}
