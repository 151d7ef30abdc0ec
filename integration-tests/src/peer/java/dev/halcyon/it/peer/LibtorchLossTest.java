package dev.halcyon.it.peer;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Device;
import dev.halcyon.io.SafeTensors;
import dev.halcyon.io.Weights;
import dev.halcyon.loss.Losses;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Sgd;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same weights, the same batches, fifty steps of SGD: the losses of libtorch and Halcyon stay together. With batch norm
 * in training mode a difference in the last bit grows tenfold in a few steps at large rates, in libtorch against itself as
 * well; so the residual network takes small steps.
 */
class LibtorchLossTest {
    private static final int STEPS = 50;
    private static final int BATCH = 32;
    private static final int CLASSES = 10;
    private static final double TOLERANCE = 1e-3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"lenet, 28, 1, 0.01, 0.9", "resnet20, 32, 3, 0.001, 0"})
    void lossesStayTogether(String name, int extent, int channels, double rate, double momentum)
            throws IOException {
        double[] ours = new double[STEPS];
        Path weights = folder.resolve("initial.safetensors");
        Model.Input input = new Model.Input(extent, extent, Models.usualNormalization(channels));
        List<String> classes = IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        try (Device device = Device.open("cpu"); Model model = Models.create(name, input, classes, device, 1)) {
            Weights.save(weights, model.network(), Map.of());
            Shape shape = Shape.of(BATCH, extent, extent, channels);
            try (Optimizer optimizer = Sgd.momentum(momentum).on(model.network().parameters())) {
                for (int step = 0; step < STEPS; step++) {
                    try (Tape tape = device.record()) {
                        var loss = Losses.crossEntropy(
                                model.forward(
                                        dev.halcyon.tensor.Tensor.of(device, shape, images(step, extent, channels))),
                                dev.halcyon.tensor.Tensor.of(device, Shape.of(BATCH), labels(step)));
                        ours[step] = loss.item();
                        tape.backward(loss);
                        optimizer.step(rate);
                    }
                }
            }
        }
        double[] theirs = libtorch(name, weights, extent, channels, rate, momentum);
        double worst =
                IntStream.range(0, STEPS).mapToDouble(i -> Math.abs(ours[i] / theirs[i] - 1)).max().orElseThrow();
        System.getLogger(LibtorchLossTest.class.getName()).log(System.Logger.Level.INFO,
                name + ": losses differ by " + worst + " at most, relative");
        for (int step = 0; step < STEPS; step++) {
            assertEquals(theirs[step], ours[step], TOLERANCE * Math.abs(theirs[step]), "loss at step " + (step + 1));
        }
    }

    private static double[] libtorch(String name, Path weights, int extent, int channels,
            double rate, double momentum) {
        set_num_threads(1);
        double[] losses = new double[STEPS];
        try (SafeTensors initial = SafeTensors.open(weights); PointerScope _ = new PointerScope()) {
            TorchLayers layers = TorchLayers.of(initial, true);
            TorchLayers.Layer network = TorchNetworks.of(name, layers, extent, CLASSES);
            SGDOptions options = new SGDOptions(rate);
            options.momentum().put(momentum);
            SGD optimizer = new SGD(new TensorVector(layers.learned().toArray(Tensor[]::new)), options);
            for (int step = 0; step < STEPS; step++) {
                try (PointerScope _ = new PointerScope()) {
                    optimizer.zero_grad();
                    Tensor x = Tensor.create(images(step, extent, channels), BATCH, extent, extent, channels)
                            .permute(0, 3, 1, 2).contiguous();
                    Tensor loss = cross_entropy_loss(network.apply(x), Tensor.create(labels(step)));
                    losses[step] = loss.item_double();
                    loss.backward();
                    optimizer.step();
                }
            }
        }
        return losses;
    }

    /** Noise with a pattern by class, pixel by pixel. */
    private static float[] images(int step, int extent, int channels) {
        RandomStream random = RandomStream.of(step, 11);
        long[] labels = labels(step);
        float[] values = new float[BATCH * extent * extent * channels];
        for (int i = 0; i < values.length; i++) {
            int image = i / (extent * extent * channels);
            int column = i / channels % extent;
            values[i] = (float) (random.nextGaussian() * 0.5 + Math.sin(0.3 * column * (labels[image] + 1)));
        }
        return values;
    }

    private static long[] labels(int step) {
        RandomStream random = RandomStream.of(step, 12);
        return IntStream.range(0, BATCH).mapToLong(i -> random.nextInt(CLASSES)).toArray();
    }
}
