package dev.halcyon.models;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.nn.BatchNorm2d;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.GlobalAvgPool;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.MaxPool;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.Sequential;
import java.util.ArrayList;
import java.util.List;

/**
 * The default for small images: three stages of 3×3 convolutions with batch norm, each at half the size of the one
 * before, then the average over what is left. Most of the work is done at a quarter of the size, where it is cheap.
 */
final class ConvNet {
    private static final int LEAST_EXTENT = 8;

    private ConvNet() {
    }

    static Module describe(Model.Input input, int classes) {
        if (input.height() < LEAST_EXTENT || input.width() < LEAST_EXTENT) {
            throw new IllegalArgumentException("convnet: expected images of at least " + LEAST_EXTENT + "x"
                    + LEAST_EXTENT + ", found " + input);
        }
        List<Module> steps = new ArrayList<>();
        block(steps, input.channels(), 32);
        steps.add(new MaxPool(2));
        block(steps, 32, 64);
        block(steps, 64, 64);
        steps.add(new MaxPool(2));
        block(steps, 64, 128);
        block(steps, 128, 128);
        steps.add(new GlobalAvgPool());
        steps.add(new Flatten());
        steps.add(new Linear(128, classes));
        return new Sequential(steps);
    }

    private static void block(List<Module> steps, int in, int out) {
        steps.add(new Convolution(in, out, 3, Conv2d.of(1, 1)));
        steps.add(new BatchNorm2d(out, Unary.RELU));
    }
}
