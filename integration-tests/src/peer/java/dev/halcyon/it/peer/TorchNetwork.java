package dev.halcyon.it.peer;

import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.relu;

import dev.halcyon.io.SafeTensors;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Networks of the zoo in libtorch, with the weights of a file. */
abstract class TorchNetwork {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final List<Tensor> learned = new ArrayList<>();

    private TorchNetwork(SafeTensors weights) {
        weights.entries().forEach((name, entry) -> {
            Tensor tensor =
                    Tensor.create(entry.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), entry.shape().extents());
            if (!name.contains("running_")) {
                tensor.set_requires_grad(true);
                learned.add(tensor);
            }
            tensors.put(name, tensor);
        });
    }

    static TorchNetwork of(String name, SafeTensors weights) {
        return name.equals("lenet") ? new LeNet(weights) : new ResNet20(weights);
    }

    abstract Tensor forward(Tensor x);

    List<Tensor> learned() {
        return learned;
    }

    final Tensor convolution(String name, Tensor x, int stride, int padding) {
        Tensor bias = tensors.get(name + ".bias");
        return conv2d(x, tensors.get(name + ".weight"), bias == null ? new TensorOptional() : new TensorOptional(bias),
                new long[] {stride, stride}, new long[] {padding, padding}, new long[] {1, 1}, 1);
    }

    final Tensor norm(String name, Tensor x) {
        return batch_norm(x, optional(name + ".weight"), optional(name + ".bias"), optional(name + ".running_mean"),
                optional(name + ".running_var"), true, 0.1, 1e-5, false);
    }

    final Tensor dense(String name, Tensor x) {
        return linear(x, tensors.get(name + ".weight"), optional(name + ".bias"));
    }

    private TensorOptional optional(String name) {
        return new TensorOptional(tensors.get(name));
    }

    static Tensor halved(Tensor x) {
        return max_pool2d(x, new long[] {2, 2}, new long[] {2, 2}, new long[] {0, 0}, new long[] {1, 1}, false);
    }

    private static final class LeNet extends TorchNetwork {
        LeNet(SafeTensors weights) {
            super(weights);
        }

        @Override
        Tensor forward(Tensor x) {
            Tensor y = halved(relu(convolution("0", x, 1, 2)));
            y = halved(relu(convolution("3", y, 1, 0))).flatten(1, -1);
            return dense("11", relu(dense("9", relu(dense("7", y)))));
        }
    }

    private static final class ResNet20 extends TorchNetwork {
        ResNet20(SafeTensors weights) {
            super(weights);
        }

        @Override
        Tensor forward(Tensor x) {
            Tensor y = relu(norm("bn1", convolution("conv1", x, 1, 1)));
            for (int stage = 1; stage <= 3; stage++) {
                for (int block = 0; block < 3; block++) {
                    y = block("layer" + stage + "." + block, y, stage > 1 && block == 0);
                }
            }
            return dense("linear", y.mean(new long[] {2, 3}, false, new ScalarTypeOptional()));
        }

        private Tensor block(String name, Tensor x, boolean halve) {
            Tensor y = relu(norm(name + ".bn1", convolution(name + ".conv1", x, halve ? 2 : 1, 1)));
            y = norm(name + ".bn2", convolution(name + ".conv2", y, 1, 1));
            Tensor shortcut = x;
            if (halve) {
                long quarter = x.size(1) / 2;
                Tensor thinned = every(every(x, 2), 3);
                shortcut = constant_pad_nd(thinned, new long[] {0, 0, 0, 0, quarter, quarter}, new Scalar(0));
            }
            return relu(y.add(shortcut));
        }

        private static Tensor every(Tensor x, int axis) {
            return x.slice(axis, new LongOptional(), new LongOptional(), 2);
        }
    }
}
