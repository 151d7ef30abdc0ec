package dev.halcyon.models;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Dropout;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.GlobalAvgPool;
import dev.halcyon.nn.InvertedResidual;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.NamedChain;
import dev.halcyon.nn.Sequential;
import java.util.ArrayList;
import java.util.List;

/**
 * MobileNetV2 (Sandler et al. 2018) with torchvision's names. For images of up to 64 pixels the first convolution keeps
 * their size instead of halving it.
 */
final class MobileNetV2 extends NamedChain {
    private static final int STEM = 32;
    private static final int LAST = 1280;
    private static final double DROPPED = 0.2;
    /** Expansion, output channels, blocks, stride of the first (table 2 of the paper). */
    private static final int[][] STAGES = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1},
        {6, 160, 3, 2}, {6, 320, 1, 1}};

    private MobileNetV2(Model.Input input, int classes) {
        List<Module> features = new ArrayList<>();
        features.add(new Convolution(input.channels(), STEM, 3, Conv2d.of(input.isSmall() ? 1 : 2, 1))
                .normalized(Unary.RELU6));
        int in = STEM;
        for (int[] stage : STAGES) {
            for (int block = 0; block < stage[2]; block++) {
                features.add(new InvertedResidual(in, stage[1], block == 0 ? stage[3] : 1, stage[0]));
                in = stage[1];
            }
        }
        features.add(new Convolution(in, LAST, 1, Conv2d.of(1, 0)).normalized(Unary.RELU6));
        then("features", new Sequential(features));
        then("avgpool", new GlobalAvgPool());
        then("flatten", new Flatten());
        then("classifier", new Sequential(new Dropout(DROPPED), new Linear(LAST, classes)));
    }

    static Module describe(Model.Input input, int classes) {
        return new MobileNetV2(input, classes);
    }
}
