package dev.halcyon.it.peer;

import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.full;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.randn;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.io.SafeTensors;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Makes the layers of one libtorch network: their weights come from a file, by name, or are drawn. */
final class TorchLayers {
    private final SafeTensors file;
    private final boolean channelsLast;
    private final boolean training;
    private final List<Tensor> learned = new ArrayList<>();

    /** A layer, or several. */
    @FunctionalInterface
    interface Layer {
        Tensor apply(Tensor x);

        default Layer then(Layer next) {
            return x -> next.apply(apply(x));
        }
    }

    private TorchLayers(SafeTensors file, boolean channelsLast, boolean training) {
        this.file = file;
        this.channelsLast = channelsLast;
        this.training = training;
    }

    static TorchLayers of(SafeTensors file, boolean training) {
        return new TorchLayers(file, false, training);
    }

    static TorchLayers random(boolean channelsLast, boolean training) {
        return new TorchLayers(null, channelsLast, training);
    }

    /** What an optimiser changes, of all layers made so far. */
    List<Tensor> learned() {
        return List.copyOf(learned);
    }

    long parameters() {
        return learned.stream().mapToLong(Tensor::numel).sum();
    }

    /** A tensor in the memory order that convolutions are to have. */
    Tensor ordered(Tensor tensor) {
        return channelsLast && tensor.dim() == 4 ? tensor.contiguous(torch.MemoryFormat.ChannelsLast) : tensor;
    }

    private Tensor learn(Tensor tensor) {
        if (training) {
            tensor.set_requires_grad(true);
        }
        learned.add(tensor);
        return tensor;
    }

    private Tensor read(String name) {
        SafeTensors.Entry entry = file.entries().get(name);
        return ordered(Tensor.create(entry.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), entry.shape().extents()));
    }

    private Tensor weight(String name, long... shape) {
        if (file != null) {
            return learn(read(name));
        }
        double terms = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            terms *= shape[axis];
        }
        return learn(ordered(randn(shape).mul(new Scalar((float) Math.sqrt(2 / terms)))));
    }

    private Tensor statistic(String name, long channels, float start) {
        return file == null ? full(new long[] {channels}, new Scalar(start)) : read(name);
    }

    private TensorOptional perChannel(String name, long channels, float start) {
        return new TensorOptional(learn(statistic(name, channels, start)));
    }

    Layer convolution(String name, int in, int out, int kernel, Conv2d d) {
        return convolution(d, weight(name + ".weight", out, in / d.groups(), kernel, kernel), new TensorOptional());
    }

    Layer convolutionWithBias(String name, int in, int out, int kernel, Conv2d d) {
        return convolution(d, weight(name + ".weight", out, in / d.groups(), kernel, kernel),
                perChannel(name + ".bias", out, 0));
    }

    private static Layer convolution(Conv2d d, Tensor weight, TensorOptional bias) {
        return x -> conv2d(x, weight, bias, stride(d), padding(d), dilation(d), d.groups());
    }

    static long[] stride(Conv2d d) {
        return new long[] {d.strideHeight(), d.strideWidth()};
    }

    static long[] padding(Conv2d d) {
        return new long[] {d.paddingHeight(), d.paddingWidth()};
    }

    static long[] dilation(Conv2d d) {
        return new long[] {d.dilationHeight(), d.dilationWidth()};
    }

    Layer norm(String name, int channels) {
        TensorOptional gamma = perChannel(name + ".weight", channels, 1);
        TensorOptional beta = perChannel(name + ".bias", channels, 0);
        TensorOptional mean = new TensorOptional(statistic(name + ".running_mean", channels, 0));
        TensorOptional variance = new TensorOptional(statistic(name + ".running_var", channels, 1));
        return x -> batch_norm(x, gamma, beta, mean, variance, training, 0.1, 1e-5, false);
    }

    Layer linear(String name, int in, int out) {
        Tensor weight = weight(name + ".weight", out, in);
        TensorOptional bias = perChannel(name + ".bias", out, 0);
        return x -> torch.linear(x, weight, bias);
    }

    static Layer relu() {
        return torch::relu;
    }

    static Layer relu6() {
        return x -> torch.clamp(x, new ScalarOptional(new Scalar(0f)), new ScalarOptional(new Scalar(6f)));
    }

    static Layer maxPool(Pool2d d) {
        return x -> max_pool2d(x, new long[] {d.kernelHeight(), d.kernelWidth()},
                new long[] {d.strideHeight(), d.strideWidth()}, new long[] {d.paddingHeight(), d.paddingWidth()},
                new long[] {1, 1}, false);
    }

    static Layer flatten() {
        return x -> x.flatten(1, -1);
    }

    /** The average over each whole image: [n, c, h, w] becomes [n, c]. */
    static Layer average() {
        return x -> x.mean(new long[] {2, 3}, false, new ScalarTypeOptional());
    }
}
