package dev.halcyon.models;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.nn.Activation;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.MaxPool;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.Sequential;

/** LeNet-5 (LeCun et al. 1998) with ReLU and max pooling, as it is usually built today. */
final class LeNet {
    private static final int LEAST_EXTENT = 12;

    private LeNet() {
    }

    static Module describe(Model.Input input, int classes) {
        if (input.height() < LEAST_EXTENT || input.width() < LEAST_EXTENT) {
            throw new IllegalArgumentException("lenet: expected images of at least " + LEAST_EXTENT + "x" + LEAST_EXTENT
                    + ", found " + input);
        }
        int rows = (input.height() / 2 - 4) / 2;
        int columns = (input.width() / 2 - 4) / 2;
        return new Sequential(Convolution.withBias(input.channels(), 6, 5, Conv2d.of(1, 2)), new Activation(Unary.RELU),
                new MaxPool(2), Convolution.withBias(6, 16, 5, Conv2d.of(1, 0)), new Activation(Unary.RELU),
                new MaxPool(2), new Flatten(), new Linear(16L * rows * columns, 120), new Activation(Unary.RELU),
                new Linear(120, 84), new Activation(Unary.RELU), new Linear(84, classes));
    }
}
