package dev.halcyon.models;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.device.Unary;
import dev.halcyon.nn.Activation;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.MaxPool;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.NamedChain;

/**
 * A network so small that all of it can be looked at: nine edges, four parts made of edges, four heads made of parts, and
 * the answers. A head counts wherever in the picture it is.
 */
final class Sketch extends NamedChain {
    private static final int EDGES = 9;
    private static final int PARTS = 4;
    private static final int HEADS = 4;
    private static final int LEAST_EXTENT = 8;

    private Sketch(Model.Input input, int classes) {
        then("edges", Convolution.withBias(input.channels(), EDGES, 3, Conv2d.of(1, 1)));
        then("edges_limit", new Activation(Unary.RELU6));
        then("edges_pool", new MaxPool(2));
        then("parts", Convolution.withBias(EDGES, PARTS, 3, Conv2d.of(1, 1)));
        then("parts_limit", new Activation(Unary.RELU6));
        then("heads", Convolution.withBias(PARTS, HEADS, 7, Conv2d.of(1, 3)));
        then("heads_limit", new Activation(Unary.RELU6));
        then("heads_pool", new MaxPool(2));
        int rows = input.height() / 4;
        int columns = input.width() / 4;
        then("heads_anywhere", new MaxPool(new Pool2d(rows, columns, rows, columns, 0, 0)));
        then("flatten", new Flatten());
        then("answers", new Linear(HEADS, classes));
    }

    static Module describe(Model.Input input, int classes) {
        if (Math.min(input.height(), input.width()) < LEAST_EXTENT || !input.isSmall()) {
            throw new IllegalArgumentException("sketch: expected images of " + LEAST_EXTENT + "x" + LEAST_EXTENT
                    + " to " + Model.Input.LARGEST_SMALL_EXTENT + "x" + Model.Input.LARGEST_SMALL_EXTENT
                    + ", found " + input);
        }
        return new Sketch(input, classes);
    }
}
