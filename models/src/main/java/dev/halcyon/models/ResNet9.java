package dev.halcyon.models;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.GlobalAvgPool;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.MaxPool;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.ResidualBlock;
import dev.halcyon.nn.Sequential;

/** A residual network of nine layers in the manner of fast CIFAR training (Page 2018), of a width for CPUs. */
final class ResNet9 {
    private static final int WIDTH = 32;

    private ResNet9() {
    }

    static Module describe(Model.Input input, int classes) {
        return new Sequential(block(input.channels(), WIDTH), block(WIDTH, 2 * WIDTH), new MaxPool(2),
                ResidualBlock.projected(2 * WIDTH, 2 * WIDTH, 1), block(2 * WIDTH, 4 * WIDTH), new MaxPool(2),
                block(4 * WIDTH, 8 * WIDTH), new MaxPool(2), ResidualBlock.projected(8 * WIDTH, 8 * WIDTH, 1),
                new GlobalAvgPool(), new Flatten(), new Linear(8 * WIDTH, classes));
    }

    private static Module block(int in, int out) {
        return new Convolution(in, out, 3, Conv2d.of(1, 1)).normalized(Unary.RELU);
    }
}
