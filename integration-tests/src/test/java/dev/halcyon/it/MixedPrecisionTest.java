package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.autograd.Tape;
import dev.halcyon.data.DataLoader;
import dev.halcyon.data.HostBatch;
import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Precision;
import dev.halcyon.loss.Losses;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Sgd;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training with activations in bfloat16: what is stored in which type, and that it learns as float32 does. */
@WithEmulatedGpu
final class MixedPrecisionTest {
    private static final int STEPS = 12;
    private static final double RATE = 0.02;

    static Stream<String> kinds() {
        return Stream.concat(Stream.of(Parity.REFERENCE), Parity.kinds().stream()).filter(Parity::computesInBfloat16);
    }

    private static Device open(String kind, Precision precision) {
        return Device.open(kind, DeviceOptions.DEFAULT.withPrecision(precision));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void lossFallsAsInFloat32(String kind) {
        double[] exact = losses(kind, Precision.FP32);
        double[] mixed = losses(kind, Precision.BF16);
        assertTrue(exact[STEPS - 1] < 0.6 * exact[0], () -> "loss of " + exact[0] + " fell to " + exact[STEPS - 1]);
        for (int step = 0; step < STEPS; step++) {
            assertEquals(exact[step], mixed[step], 0.05 * exact[0], "step " + step);
        }
    }

    private static double[] losses(String kind, Precision precision) {
        double[] losses = new double[STEPS];
        try (Device device = open(kind, precision);
                Model model = TrainingRuns.model(device);
                Optimizer optimizer = Sgd.momentum(0.9).on(model.network().parameters());
                DataLoader loader = new DataLoader(new TrainingRuns.Noise(STEPS * TrainingRuns.BATCH), List.of(),
                        DataLoader.Settings.training(TrainingRuns.BATCH, 1));
                DataLoader.Epoch batches = loader.epoch(0)) {
            for (int step = 0; step < STEPS; step++) {
                HostBatch batch = batches.next();
                try (Tape tape = device.record()) {
                    Tensor loss = Losses.crossEntropy(model.forward(model.prepare(batch)), model.labels(batch));
                    losses[step] = loss.item();
                    tape.backward(loss);
                    optimizer.step(RATE);
                }
            }
        }
        return losses;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void activationsAreBfloat16AndEverythingElseFloat32(String kind) {
        try (Device device = open(kind, Precision.BF16); Model model = TrainingRuns.model(device)) {
            Set<DataType> activations = EnumSet.noneOf(DataType.class);
            model.network().listen((_, _, output) -> activations.add(output.type()));
            try (DataLoader loader = new DataLoader(new TrainingRuns.Noise(4), List.of(),
                    DataLoader.Settings.evaluation(4));
                    DataLoader.Epoch batches = loader.epoch(0);
                    Tape tape = device.record()) {
                HostBatch batch = batches.next();
                Tensor logits = model.forward(model.prepare(batch));
                assertEquals(DataType.FLOAT32, logits.type());
                tape.backward(Losses.crossEntropy(logits, model.labels(batch)));
            }
            assertEquals(Set.of(DataType.BFLOAT16), activations);
            model.network().parameters().forEach(parameter -> {
                assertEquals(DataType.FLOAT32, parameter.tensor().type(), parameter.name());
                if (parameter.isLearned()) {
                    assertEquals(DataType.FLOAT32, parameter.tensor().gradient().type(), parameter.name());
                }
            });
        }
    }

    @Test
    void aDeviceThatCannotSaysSo() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> open("cpu", Precision.BF16));
        assertTrue(refused.getMessage().startsWith("precision bf16 is not available on "), refused.getMessage());
    }
}
