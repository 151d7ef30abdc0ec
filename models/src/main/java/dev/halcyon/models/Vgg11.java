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
import dev.halcyon.nn.NamedChain;

/**
 * VGG-11 (Simonyan and Zisserman 2015, configuration A) with batch norm. The features have the names of torchvision's
 * {@code vgg11_bn}, but no biases, which batch norm would cancel; the classifier is one linear layer on the average over
 * what five poolings leave, as is usual for small images.
 */
final class Vgg11 extends NamedChain {
    private static final int LEAST_EXTENT = 32;
    private static final int[][] STAGES = {{64}, {128}, {256, 256}, {512, 512}, {512, 512}};

    private Vgg11(Model.Input input, int classes) {
        then("features", new Features(input.channels()));
        then("avgpool", new GlobalAvgPool());
        then("flatten", new Flatten());
        then("classifier", new Linear(512, classes));
    }

    static Module describe(Model.Input input, int classes) {
        if (Math.min(input.height(), input.width()) < LEAST_EXTENT) {
            throw new IllegalArgumentException("vgg11: expected images of at least " + LEAST_EXTENT + "x"
                    + LEAST_EXTENT + ", found " + input);
        }
        return new Vgg11(input, classes);
    }

    private static final class Features extends NamedChain {
        Features(int channels) {
            int in = channels;
            int number = 0;
            for (int[] stage : STAGES) {
                for (int out : stage) {
                    then(Integer.toString(number), new Convolution(in, out, 3, Conv2d.of(1, 1)));
                    then(Integer.toString(number + 1), new BatchNorm2d(out, Unary.RELU));
                    number += 3;
                    in = out;
                }
                then(Integer.toString(number), new MaxPool(2));
                number++;
            }
        }
    }
}
