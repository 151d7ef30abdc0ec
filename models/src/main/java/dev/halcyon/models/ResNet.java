package dev.halcyon.models;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.device.Unary;
import dev.halcyon.nn.BatchNorm2d;
import dev.halcyon.nn.BottleneckBlock;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.GlobalAvgPool;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.MaxPool;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.NamedChain;
import dev.halcyon.nn.ResidualBlock;
import dev.halcyon.nn.Sequential;
import java.util.ArrayList;
import java.util.List;

/**
 * The residual networks of He et al. 2016 with torchvision's names. Images of up to 64 pixels get a small stem, a 3×3
 * convolution that keeps their size; larger ones the original, which quarters it.
 */
final class ResNet extends NamedChain {
    private static final int WIDTH = 64;

    private ResNet(List<Integer> blocks, boolean bottlenecks, Model.Input input, int classes) {
        then("conv1", input.isSmall()
                ? new Convolution(input.channels(), WIDTH, 3, Conv2d.of(1, 1))
                : new Convolution(input.channels(), WIDTH, 7, Conv2d.of(2, 3)));
        then("bn1", new BatchNorm2d(WIDTH, Unary.RELU));
        if (!input.isSmall()) {
            then("maxpool", new MaxPool(Pool2d.of(3, 2, 1)));
        }
        int in = WIDTH;
        for (int stage = 0; stage < blocks.size(); stage++) {
            int inner = WIDTH << stage;
            List<Module> chain = new ArrayList<>();
            for (int i = 0; i < blocks.get(stage); i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                chain.add(bottlenecks
                        ? new BottleneckBlock(in, inner, stride)
                        : ResidualBlock.projected(in, inner, stride));
                in = bottlenecks ? BottleneckBlock.EXPANSION * inner : inner;
            }
            then("layer" + (stage + 1), new Sequential(chain));
        }
        then("avgpool", new GlobalAvgPool());
        then("flatten", new Flatten());
        then("fc", new Linear(in, classes));
    }

    /** A network of basic blocks. */
    static Module describe(List<Integer> blocks, Model.Input input, int classes) {
        return new ResNet(blocks, false, input, classes);
    }

    /** A network of bottlenecks. */
    static Module describeDeep(List<Integer> blocks, Model.Input input, int classes) {
        return new ResNet(blocks, true, input, classes);
    }
}
