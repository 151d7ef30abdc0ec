package dev.halcyon.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Device;
import dev.halcyon.io.ModelFile;
import dev.halcyon.io.SafeTensors;
import dev.halcyon.loss.Losses;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Sgd;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The larger networks of the zoo: state as torchvision names it, stems by the size of images, and that they learn. */
class ZooTest {
    private static final int CLASSES = 10;
    private static final int BATCH = 8;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"vgg11, 32, 42", "mobilenetv2, 96, 262", "resnet50, 96, 267", "resnet50, 32, 267"})
    void filesHaveTorchvisionsNamesAndShapes(String name, int extent, int tensors) throws IOException {
        Map<String, Shape> expected = switch (name) {
            case "vgg11" -> vgg11();
            case "mobilenetv2" -> mobilenetV2();
            default -> resnet50(extent <= 64 ? 3 : 7);
        };
        Path file = folder.resolve("weights.safetensors");
        try (Device device = Device.open("cpu"); Model model = create(name, extent, device)) {
            ModelFile.save(file, model);
        }
        try (SafeTensors saved = SafeTensors.open(file)) {
            Map<String, Shape> found = new TreeMap<>();
            saved.entries().forEach((key, entry) -> found.put(key, entry.shape()));
            assertEquals(expected, found);
            assertEquals(tensors, found.size());
        }
    }

    @ParameterizedTest
    @CsvSource({"resnet50, 64, layer1, 64", "resnet50, 65, layer1, 17", "resnet50, 224, layer4, 7",
        "mobilenetv2, 64, features.0, 64", "mobilenetv2, 65, features.0, 33", "mobilenetv2, 96, features.18, 3",
        "vgg11, 32, features.28, 1", "vgg11, 224, features.28, 7"})
    void stemsKeepTheSizeOfSmallImages(String name, int extent, String path, int expected) {
        try (Device device = Device.shapes();
                Module network = Models.find(name).factory().describe(input(extent), CLASSES); Scope _ = Scope.open()) {
            network.allocate(device);
            Map<String, Shape> shapes = new TreeMap<>();
            network.training(false).listen((module, _, y) -> shapes.put(module.path(), y.shape()));
            Tensor images = Tensor.zeros(device, DataType.FLOAT32, Shape.of(1, extent, extent, 3));
            assertEquals(Shape.of(1, CLASSES), network.forward(images).shape());
            assertEquals(expected, shapes.get(path).extent(1));
            assertEquals(expected, shapes.get(path).extent(2));
        }
    }

    @ParameterizedTest
    @CsvSource({"vgg11, 32, 0.02", "mobilenetv2, 24, 0.05", "resnet50, 16, 0.01"})
    void fewStepsLowerTheLossAndKeepNoMemory(String name, int extent, double rate) {
        try (Device device = Device.open("cpu"); Model model = create(name, extent, device);
                Optimizer optimizer = Sgd.momentum(0.9).on(model.network().parameters());
                Tensor images = images(device, extent); Tensor labels = labels(device)) {
            double first = step(model, optimizer, images, labels, rate);
            long inUse = device.memory().inUse();
            double last = first;
            for (int i = 0; i < 9; i++) {
                last = step(model, optimizer, images, labels, rate);
            }
            assertTrue(last < 0.7 * first, "loss " + first + " became " + last);
            assertEquals(inUse, device.memory().inUse());
        }
    }

    /** Dropout rests, and the running statistics are part of the file. */
    @ParameterizedTest
    @CsvSource({"vgg11, 32", "mobilenetv2, 24", "resnet50, 16"})
    void aLoadedNetworkAnswersTheSame(String name, int extent) throws IOException {
        Path file = folder.resolve("weights.safetensors");
        try (Device device = Device.open("cpu"); Model model = create(name, extent, device);
                Optimizer optimizer = Sgd.momentum(0.9).on(model.network().parameters());
                Tensor images = images(device, extent); Tensor labels = labels(device)) {
            step(model, optimizer, images, labels, 0.01);
            float[] answers = infer(model, images);
            assertArrayEquals(answers, infer(model, images));
            ModelFile.save(file, model);
            try (Model loaded = Models.load(file, device)) {
                assertArrayEquals(answers, infer(loaded, images));
            }
        }
    }

    @Test
    void imagesThatPoolingWouldUseUpAreRefused() {
        var refused = assertThrows(IllegalArgumentException.class,
                () -> Models.find("vgg11").factory().describe(input(31), CLASSES));
        assertEquals("vgg11: expected images of at least 32x32, found 31x31x3", refused.getMessage());
    }

    private static Model create(String name, int extent, Device device) {
        List<String> classes = IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        return Models.create(name, input(extent), classes, device, 1);
    }

    private static Model.Input input(int extent) {
        return new Model.Input(extent, extent, Models.usualNormalization(3));
    }

    private static Tensor images(Device device, int extent) {
        RandomStream random = RandomStream.of(2, 1);
        float[] values = new float[BATCH * extent * extent * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(device, Shape.of(BATCH, extent, extent, 3), values);
    }

    private static Tensor labels(Device device) {
        return Tensor.of(device, Shape.of(BATCH), IntStream.range(0, BATCH).mapToLong(i -> i).toArray());
    }

    private static double step(Model model, Optimizer optimizer, Tensor images, Tensor labels, double rate) {
        try (Tape tape = model.device().record()) {
            Tensor loss = Losses.crossEntropy(model.forward(images), labels);
            tape.backward(loss);
            optimizer.step(rate);
            return loss.item();
        }
    }

    private static float[] infer(Model model, Tensor images) {
        model.network().training(false);
        try (Scope _ = Scope.open()) {
            return model.forward(images).toFloats();
        }
    }

    /** torchvision's vgg11_bn without the convolutions' biases, and with one linear layer behind the features. */
    private static Map<String, Shape> vgg11() {
        Map<String, Shape> state = new TreeMap<>();
        int[] numbers = {0, 4, 8, 11, 15, 18, 22, 25};
        int[] channels = {3, 64, 128, 256, 256, 512, 512, 512, 512};
        for (int i = 0; i < numbers.length; i++) {
            convolution(state, "features." + numbers[i], channels[i + 1], channels[i], 3);
            norm(state, "features." + (numbers[i] + 1), channels[i + 1]);
        }
        linear(state, "classifier", 512);
        return state;
    }

    private static Map<String, Shape> resnet50(int stem) {
        Map<String, Shape> state = new TreeMap<>();
        convolution(state, "conv1", 64, 3, stem);
        norm(state, "bn1", 64);
        int[] blocks = {3, 4, 6, 3};
        int in = 64;
        for (int stage = 0; stage < blocks.length; stage++) {
            int inner = 64 << stage;
            for (int block = 0; block < blocks[stage]; block++) {
                String name = "layer" + (stage + 1) + "." + block + ".";
                convolution(state, name + "conv1", inner, in, 1);
                norm(state, name + "bn1", inner);
                convolution(state, name + "conv2", inner, inner, 3);
                norm(state, name + "bn2", inner);
                convolution(state, name + "conv3", 4 * inner, inner, 1);
                norm(state, name + "bn3", 4 * inner);
                if (block == 0) {
                    convolution(state, name + "downsample.0", 4 * inner, in, 1);
                    norm(state, name + "downsample.1", 4 * inner);
                }
                in = 4 * inner;
            }
        }
        linear(state, "fc", in);
        return state;
    }

    private static Map<String, Shape> mobilenetV2() {
        Map<String, Shape> state = new TreeMap<>();
        normalized(state, "features.0", 32, 3, 3);
        normalized(state, "features.1.conv.0", 32, 1, 3);
        convolution(state, "features.1.conv.1", 16, 32, 1);
        norm(state, "features.1.conv.2", 16);
        int[] outputs = {24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320};
        int in = 16;
        for (int i = 0; i < outputs.length; i++) {
            String name = "features." + (i + 2) + ".conv.";
            normalized(state, name + "0", 6 * in, in, 1);
            normalized(state, name + "1", 6 * in, 1, 3);
            convolution(state, name + "2", outputs[i], 6 * in, 1);
            norm(state, name + "3", outputs[i]);
            in = outputs[i];
        }
        normalized(state, "features.18", 1280, in, 1);
        linear(state, "classifier.1", 1280);
        return state;
    }

    private static void normalized(Map<String, Shape> state, String name, int out, int inPerGroup, int kernel) {
        convolution(state, name + ".0", out, inPerGroup, kernel);
        norm(state, name + ".1", out);
    }

    private static void convolution(Map<String, Shape> state, String name, int out, int inPerGroup, int kernel) {
        state.put(name + ".weight", Shape.of(out, inPerGroup, kernel, kernel));
    }

    private static void norm(Map<String, Shape> state, String name, int channels) {
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
            state.put(name + "." + part, Shape.of(channels));
        }
    }

    private static void linear(Map<String, Shape> state, String name, int in) {
        state.put(name + ".weight", Shape.of(CLASSES, in));
        state.put(name + ".bias", Shape.of(CLASSES));
    }
}
