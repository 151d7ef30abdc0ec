package dev.halcyon.it.peer;

import static dev.halcyon.it.peer.TorchLayers.average;
import static dev.halcyon.it.peer.TorchLayers.flatten;
import static dev.halcyon.it.peer.TorchLayers.maxPool;
import static dev.halcyon.it.peer.TorchLayers.relu;
import static dev.halcyon.it.peer.TorchLayers.relu6;
import static org.bytedeco.pytorch.global.torch.constant_pad_nd;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.it.peer.TorchLayers.Layer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Networks of the zoo in libtorch, layer by layer as torchvision has them. The stem is the one for the given size of
 * images; MobileNetV2's dropout is left out.
 */
final class TorchNetworks {
    private static final int SMALL_IMAGE = 64;
    private static final int[][] INVERTED = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2},
        {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};

    private final TorchLayers layers;
    private final boolean small;

    private TorchNetworks(TorchLayers layers, int extent) {
        this.layers = layers;
        small = extent <= SMALL_IMAGE;
    }

    static Layer of(String name, TorchLayers layers, int extent, int classes) {
        TorchNetworks networks = new TorchNetworks(layers, extent);
        return switch (name) {
            case "mlp" -> networks.mlp(classes);
            case "lenet" -> networks.lenet(classes);
            case "vgg11" -> networks.vgg11(classes);
            case "resnet18" -> networks.resnet(new int[] {2, 2, 2, 2}, false, classes);
            case "resnet20" -> networks.cifarResnet(3, classes);
            case "resnet50" -> networks.resnet(new int[] {3, 4, 6, 3}, true, classes);
            case "mobilenetv2" -> networks.mobilenetV2(classes);
            default -> throw new IllegalArgumentException("no network of libtorch is named " + name);
        };
    }

    private Layer mlp(int classes) {
        return flatten().then(layers.linear("1", 784, 512)).then(relu()).then(layers.linear("3", 512, 512))
                .then(relu()).then(layers.linear("5", 512, classes));
    }

    private Layer lenet(int classes) {
        return layers.convolutionWithBias("0", 1, 6, 5, Conv2d.of(1, 2)).then(relu()).then(halve())
                .then(layers.convolutionWithBias("3", 6, 16, 5, Conv2d.of(1, 0))).then(relu()).then(halve())
                .then(flatten()).then(layers.linear("7", 400, 120)).then(relu()).then(layers.linear("9", 120, 84))
                .then(relu()).then(layers.linear("11", 84, classes));
    }

    private Layer vgg11(int classes) {
        Layer network = x -> x;
        int[][] stages = {{64}, {128}, {256, 256}, {512, 512}, {512, 512}};
        int in = 3;
        int number = 0;
        for (int[] stage : stages) {
            for (int out : stage) {
                network = network.then(layers.convolution("features." + number, in, out, 3, Conv2d.of(1, 1)))
                        .then(layers.norm("features." + (number + 1), out)).then(relu());
                number += 3;
                in = out;
            }
            network = network.then(halve());
            number++;
        }
        return network.then(average()).then(layers.linear("classifier", in, classes));
    }

    private Layer resnet(int[] blocks, boolean bottlenecks, int classes) {
        Layer network = small
                ? layers.convolution("conv1", 3, 64, 3, Conv2d.of(1, 1))
                : layers.convolution("conv1", 3, 64, 7, Conv2d.of(2, 3));
        network = network.then(layers.norm("bn1", 64)).then(relu());
        if (!small) {
            network = network.then(maxPool(Pool2d.of(3, 2, 1)));
        }
        int in = 64;
        for (int stage = 0; stage < blocks.length; stage++) {
            int inner = 64 << stage;
            int out = bottlenecks ? 4 * inner : inner;
            for (int block = 0; block < blocks[stage]; block++) {
                String name = "layer" + (stage + 1) + "." + block + ".";
                int stride = stage > 0 && block == 0 ? 2 : 1;
                Layer main = bottlenecks ? bottleneck(name, in, inner, stride) : basic(name, in, inner, stride);
                network = network.then(residual(main, projection(name, in, out, stride)));
                in = out;
            }
        }
        return network.then(average()).then(layers.linear("fc", in, classes));
    }

    private Layer basic(String name, int in, int out, int stride) {
        return layers.convolution(name + "conv1", in, out, 3, Conv2d.of(stride, 1)).then(layers.norm(name + "bn1", out))
                .then(relu()).then(layers.convolution(name + "conv2", out, out, 3, Conv2d.of(1, 1)))
                .then(layers.norm(name + "bn2", out));
    }

    private Layer bottleneck(String name, int in, int inner, int stride) {
        return layers.convolution(name + "conv1", in, inner, 1, Conv2d.of(1, 0)).then(layers.norm(name + "bn1", inner))
                .then(relu()).then(layers.convolution(name + "conv2", inner, inner, 3, Conv2d.of(stride, 1)))
                .then(layers.norm(name + "bn2", inner)).then(relu())
                .then(layers.convolution(name + "conv3", inner, 4 * inner, 1, Conv2d.of(1, 0)))
                .then(layers.norm(name + "bn3", 4 * inner));
    }

    private Layer projection(String name, int in, int out, int stride) {
        return stride == 1 && in == out
                ? x -> x
                : layers.convolution(name + "downsample.0", in, out, 1, Conv2d.of(stride, 0))
                        .then(layers.norm(name + "downsample.1", out));
    }

    private static Layer residual(Layer main, Layer shortcut) {
        return x -> torch.relu(main.apply(x).add(shortcut.apply(x)));
    }

    private Layer cifarResnet(int blocks, int classes) {
        Layer network = layers.convolution("conv1", 3, 16, 3, Conv2d.of(1, 1)).then(layers.norm("bn1", 16))
                .then(relu());
        int in = 16;
        for (int stage = 0; stage < 3; stage++) {
            int out = 16 << stage;
            for (int block = 0; block < blocks; block++) {
                boolean halves = stage > 0 && block == 0;
                Layer main = basic("layer" + (stage + 1) + "." + block + ".", in, out, halves ? 2 : 1);
                network = network.then(residual(main, halves ? TorchNetworks::thinned : x -> x));
                in = out;
            }
        }
        return network.then(average()).then(layers.linear("linear", in, classes));
    }

    /** Every other pixel, with as many zero channels around its own (option A of He et al. 2016). */
    private static Tensor thinned(Tensor x) {
        long half = x.size(1) / 2;
        return constant_pad_nd(every(every(x, 2), 3), new long[] {0, 0, 0, 0, half, half}, new Scalar(0));
    }

    private static Tensor every(Tensor x, int axis) {
        return x.slice(axis, new LongOptional(), new LongOptional(), 2);
    }

    private Layer mobilenetV2(int classes) {
        Layer network = normalized("features.0", 3, 32, 3, Conv2d.of(small ? 1 : 2, 1));
        int in = 32;
        int number = 1;
        for (int[] stage : INVERTED) {
            for (int block = 0; block < stage[2]; block++) {
                int stride = block == 0 ? stage[3] : 1;
                Layer main = inverted("features." + number++ + ".conv.", in, stage[1], stride, stage[0]);
                network = network.then(stride == 1 && in == stage[1] ? x -> x.add(main.apply(x)) : main);
                in = stage[1];
            }
        }
        return network.then(normalized("features." + number, in, 1280, 1, Conv2d.of(1, 0))).then(average())
                .then(layers.linear("classifier.1", 1280, classes));
    }

    private Layer inverted(String name, int in, int out, int stride, int expansion) {
        int inner = in * expansion;
        int number = 0;
        Layer block = x -> x;
        if (expansion != 1) {
            block = normalized(name + number++, in, inner, 1, Conv2d.of(1, 0));
        }
        return block.then(normalized(name + number++, inner, inner, 3, Conv2d.of(stride, 1).grouped(inner)))
                .then(layers.convolution(name + number++, inner, out, 1, Conv2d.of(1, 0)))
                .then(layers.norm(name + number, out));
    }

    private Layer normalized(String name, int in, int out, int kernel, Conv2d d) {
        return layers.convolution(name + ".0", in, out, kernel, d).then(layers.norm(name + ".1", out)).then(relu6());
    }

    private static Layer halve() {
        return maxPool(Pool2d.of(2, 2, 0));
    }
}
