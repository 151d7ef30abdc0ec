package dev.halcyon.models;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.nn.BatchNorm2d;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.GlobalAvgPool;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.NamedChain;
import dev.halcyon.nn.ResidualBlock;
import dev.halcyon.nn.Sequential;
import java.util.ArrayList;
import java.util.List;

/**
 * The residual networks for CIFAR of He et al. 2016, section 4.2: three stages of 16, 32 and 64 channels, shortcuts
 * without parameters (option A). Names as in the usual PyTorch implementations.
 */
final class CifarResNet extends NamedChain {
    private static final int WIDTH = 16;

    private CifarResNet(int blocks, int channels, int classes) {
        then("conv1", new Convolution(channels, WIDTH, 3, Conv2d.of(1, 1)));
        then("bn1", new BatchNorm2d(WIDTH, Unary.RELU));
        for (int stage = 0; stage < 3; stage++) {
            int out = WIDTH << stage;
            List<Module> chain = new ArrayList<>();
            chain.add(ResidualBlock.padded(stage == 0 ? WIDTH : out / 2, out, stage == 0 ? 1 : 2));
            for (int i = 1; i < blocks; i++) {
                chain.add(ResidualBlock.padded(out, out, 1));
            }
            then("layer" + (stage + 1), new Sequential(chain));
        }
        then("pool", new GlobalAvgPool());
        then("flatten", new Flatten());
        then("linear", new Linear(4L * WIDTH, classes));
    }

    static Module describe(int depth, Model.Input input, int classes) {
        return new CifarResNet((depth - 2) / 6, input.channels(), classes);
    }
}
