package dev.halcyon.report.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.HostBatch;
import dev.halcyon.device.Device;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.models.Models;
import dev.halcyon.nn.BatchNorm2d;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.Scope;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a picture's way through networks of every kind agrees with what they compute. */
class PassageTest {
    private static final double CLOSE = 1e-4;
    private static final int LABEL = 2;
    private static final List<String> CLASSES = List.of("bird", "dog", "cat", "thing");

    private interface Check {
        void of(Model model, HostBatch picture, Passage passage);
    }

    private static void pass(String name, int extent, int channels, Check check) {
        pass(name, extent, channels, _ -> {
        }, check);
    }

    private static void pass(String name, int extent, int channels, Consumer<Model> before, Check check) {
        NormalizeImages normalization = Models.usualNormalization(channels);
        byte[] pixels = new byte[extent * extent * channels];
        RandomStream random = RandomStream.of(5, 6);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt(256);
        }
        HostBatch picture = new HostBatch(1, extent, extent, channels, MemorySegment.ofArray(pixels), new int[3],
                new long[1]);
        try (Device device = Device.open("cpu");
                Model model = Models.create(name, new Model.Input(extent, extent, normalization), CLASSES, device, 3)) {
            before.accept(model);
            check.of(model, picture, Passage.of(model, picture, LABEL));
        }
    }

    /** Norms' statistics are not those they start with, so that scale and shift matter. */
    private static void unsettle(Model model) {
        RandomStream random = RandomStream.of(7, 8);
        for (Parameter parameter : model.network().parameters()) {
            if (parameter.role() == Parameter.Role.NORM || parameter.role() == Parameter.Role.STATISTIC) {
                float[] values = new float[(int) parameter.shape().elements()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = 0.5f + random.nextFloat();
                }
                parameter.tensor().upload(MemorySegment.ofArray(values));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"mlp, 28, 1", "lenet, 28, 1", "convnet, 32, 3", "resnet20, 32, 3", "resnet18, 70, 3",
        "resnet50, 65, 3", "mobilenetv2, 64, 3", "vgg11, 32, 3"})
    void contributionsBiasNormAndShortcutAddUpToTheActivations(String name, int extent, int channels) {
        pass(name, extent, channels, PassageTest::unsettle, (model, _, passage) -> {
            long layers = model.network().parameters().stream()
                    .filter(parameter -> parameter.role() == Parameter.Role.WEIGHT).count();
            assertEquals(layers, passage.floors().size());
            Map<String, float[]> parameters = model.network().parameters().stream()
                    .collect(Collectors.toMap(Parameter::name, parameter -> parameter.tensor().toFloats()));
            for (Floor floor : passage.floors()) {
                float[] bias = parameters.getOrDefault(floor.name() + ".bias", new float[floor.channels()]);
                BatchNorm2d.Affine norm = floor.becomes().norm();
                for (int channel = 0; channel < floor.channels(); channel += Math.max(1, floor.channels() / 5)) {
                    int place = floor.loudestPlace(channel);
                    double given = Arrays.stream(floor.contributions(place, channel)).sum()
                            + norm.scale()[channel] * bias[channel] + norm.shift()[channel]
                            + floor.shortcut(place, channel);
                    double reported = switch (floor.becomes().function()) {
                        case IDENTITY -> given;
                        case RELU -> Math.max(0, given);
                        case RELU6 -> Math.clamp(given, 0, 6);
                        default -> throw new AssertionError(floor.becomes().function());
                    };
                    assertEquals(floor.activation()[place * floor.channels() + channel], reported,
                            CLOSE * Math.max(1, Math.abs(reported)), () -> floor.name());
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"mlp, 28, 1", "lenet, 28, 1", "resnet20, 32, 3", "mobilenetv2, 64, 3"})
    void theBlameOfAFloorIsAllOfItAndTheLastGradientIsAnswerLessTruth(String name, int extent, int channels) {
        pass(name, extent, channels, (_, _, passage) -> {
            for (Floor floor : passage.floors()) {
                assertEquals(1, Arrays.stream(floor.blame()).sum(), CLOSE, floor::name);
            }
            float[] expected = passage.probabilities().clone();
            expected[LABEL] -= 1;
            assertArrayEquals(expected, passage.floors().getLast().gradient(), (float) CLOSE);
            assertEquals(-Math.log(passage.probabilities()[LABEL]), passage.loss(), CLOSE);
        });
    }

    /** With a rate so small that the loss is a line: it falls by rate × ‖gradient‖². */
    @ParameterizedTest
    @CsvSource({"mlp, 28, 1", "lenet, 28, 1", "convnet, 32, 3"})
    void aSmallStepLowersTheLossByTheGradientSquaredAndLeavesTheModelAsItWas(String name, int extent, int channels) {
        pass(name, extent, channels, (model, picture, passage) -> {
            double square = passage.gradients().values().stream()
                    .mapToDouble(values -> {
                        double sum = 0;
                        for (float value : values) {
                            sum += (double) value * value;
                        }
                        return sum;
                    }).sum();
            double rate = 0.01 / square;
            Update update = Update.of(model, picture, passage.gradients(), rate);
            double after = -Math.log(update.probabilities()[LABEL]);
            assertEquals(0.01, passage.loss() - after, 5e-4);
            assertEquals(10, update.changes().size());
            try (Scope _ = Scope.open()) {
                assertArrayEquals(passage.probabilities(),
                        Softmax.softmax(model.forward(model.prepare(picture))).toFloats(), 1e-6f);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"mlp, 28, 1", "lenet, 28, 1", "convnet, 32, 3"})
    void integratedGradientsAddUpToTheGainButForTheGap(String name, int extent, int channels) {
        pass(name, extent, channels, (model, picture, _) -> {
            Attribution.IntegratedGradients integrated =
                    new Attribution(model, picture, LABEL).integratedGradients();
            double sum = Arrays.stream(integrated.heat().values()).sum();
            assertEquals(integrated.gain(), sum + integrated.gap(), CLOSE);
            assertTrue(Math.abs(integrated.gap()) < 0.1 * Math.max(0.1, Math.abs(integrated.gain())),
                    () -> integrated.gap() + " of " + integrated.gain());
        });
    }

    /** torchvision's ResNet-18 for photographs: a 7×7 stem with stride 2, then 3×3 pooling with stride 2. */
    @ParameterizedTest
    @CsvSource({"0, 2, 7, -3", "1, 4, 19, -9", "2, 4, 27, -13"})
    void placesSeeThePictureThroughAllKernelsBelow(int floor, double jump, double size, double start) {
        pass("resnet18", 70, 3, (_, _, passage) -> assertEquals(new ReceptiveFields.Axis(jump, size, start),
                passage.floors().get(floor).field().rows()));
    }
}
