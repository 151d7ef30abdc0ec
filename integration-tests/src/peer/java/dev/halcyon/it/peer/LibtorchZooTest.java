package dev.halcyon.it.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Device;
import dev.halcyon.io.SafeTensors;
import dev.halcyon.io.Weights;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network of the zoo and its twin in libtorch, with the weights of the same file, answer the same. */
class LibtorchZooTest {
    private static final int BATCH = 2;
    private static final int CLASSES = 7;
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"mlp, 28, 1", "lenet, 28, 1", "vgg11, 32, 3", "vgg11, 64, 3", "resnet18, 32, 3", "resnet18, 97, 3",
        "resnet20, 32, 3", "resnet50, 33, 3", "resnet50, 96, 3", "mobilenetv2, 32, 3", "mobilenetv2, 97, 3"})
    void answersAreTheSame(String name, int extent, int channels) throws IOException {
        Path weights = folder.resolve("weights.safetensors");
        float[] images = images(extent, channels);
        Model.Input input = new Model.Input(extent, extent, Models.usualNormalization(channels));
        List<String> classes = IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        float[] ours;
        long parameters;
        try (Device device = Device.open("cpu"); Model model = Models.create(name, input, classes, device, 1);
                Scope _ = Scope.open()) {
            var x = dev.halcyon.tensor.Tensor.of(device, Shape.of(BATCH, extent, extent, channels), images);
            try (Tape _ = device.record()) {
                model.forward(x); // so that the running statistics are not what they are at first
            }
            model.network().training(false);
            ours = model.forward(x).toFloats();
            parameters = model.network().parameterCount();
            Weights.save(weights, model.network(), Map.of());
        }
        try (SafeTensors file = SafeTensors.open(weights); PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            TorchLayers layers = TorchLayers.of(file, false);
            TorchLayers.Layer network = TorchNetworks.of(name, layers, extent, CLASSES);
            assertEquals(layers.parameters(), parameters);
            Tensor x = Tensor.create(images, BATCH, extent, extent, channels).permute(0, 3, 1, 2).contiguous();
            float[] theirs = new float[ours.length];
            new FloatPointer(network.apply(x).contiguous().data_ptr_float()).get(theirs);
            double scale = IntStream.range(0, theirs.length).mapToDouble(i -> Math.abs(theirs[i])).max().orElseThrow();
            for (int i = 0; i < ours.length; i++) {
                assertEquals(theirs[i], ours[i], TOLERANCE * scale, "logit " + i);
            }
        }
    }

    private static float[] images(int extent, int channels) {
        RandomStream random = RandomStream.of(3, 1);
        float[] values = new float[BATCH * extent * extent * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
