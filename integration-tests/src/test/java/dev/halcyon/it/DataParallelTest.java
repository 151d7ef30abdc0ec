package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Splits;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Device;
import dev.halcyon.device.Unary;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Activation;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Dropout;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Sequential;
import dev.halcyon.optim.Schedule;
import dev.halcyon.tensor.Tensor;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several devices learn together what one would, with the same bits every time. */
@WithEmulatedGpu
final class DataParallelTest {
    /** Leaves a last batch of one image, for which there is no second part. */
    private static final int IMAGES = 3 * TrainingRuns.BATCH + 1;

    @TempDir
    private Path folder;

    /** The losses of a run's steps, and the weights of every copy afterwards. */
    private record Outcome(List<Double> losses, List<float[]> weights) {
    }

    /** Stops a run after some steps. */
    private record StopAfter(Trainer trainer, int steps, List<Double> losses) implements TrainingListener {
        @Override
        public void step(StepResult result) {
            losses.add(result.loss());
            if (losses.size() == steps) {
                trainer.stop();
            }
        }
    }

    private static Model model(Device device, double dropout, long seed) {
        Sequential network = new Sequential(Convolution.withBias(3, 10, 3, Conv2d.of(2, 1)),
                new Activation(Unary.RELU), new Flatten(), new Dropout(dropout), new Linear(10 * 6 * 6, 3));
        network.initialize(device, seed);
        return new Model("test", network, new Model.Input(12, 12, Models.usualNormalization(3)),
                List.of("red", "green", "blue"), device);
    }

    /** Trains two epochs, or as many steps as said, on devices of a kind. */
    private static Outcome train(String kind, int count, double dropout, Path folder, boolean resume, int steps) {
        List<Device> devices = IntStream.range(0, count).mapToObj(_ -> Device.open(kind)).toList();
        try {
            List<Model> models =
                    IntStream.range(0, count).mapToObj(i -> model(devices.get(i), dropout, 3 + i)).toList();
            Trainer trainer = Trainer.of(models.getFirst()).replicas(models.subList(1, count)).epochs(2)
                    .batchSize(TrainingRuns.BATCH).seed(7).schedule(Schedule.oneCycle(0.02)).folder(folder)
                    .validationFraction(0);
            List<Double> losses = new ArrayList<>();
            trainer.listen(new StopAfter(trainer, steps, losses));
            (resume ? trainer.resume() : trainer).fit(Splits.of(new TrainingRuns.Noise(IMAGES)));
            return new Outcome(losses, models.stream().map(DataParallelTest::weights).toList());
        } finally {
            devices.forEach(Device::close);
        }
    }

    private static float[] weights(Model model) {
        return model.network().parameters().getLast().tensor().toFloats();
    }

    private static Outcome train(String kind, int count, double dropout) {
        return train(kind, count, dropout, null, false, -1);
    }

    @ParameterizedTest
    @MethodSource("dev.halcyon.it.Parity#kinds")
    void theLossesAreThoseOfOneDevice(String kind) {
        List<Double> one = train(kind, 1, 0).losses;
        assertEquals(8, one.size());
        assertNotEquals(one.getFirst(), one.getLast());
        for (int count = 2; count <= 3; count++) {
            List<Double> several = train(kind, count, 0).losses;
            for (int step = 0; step < one.size(); step++) {
                assertEquals(one.get(step), several.get(step), 1e-5 * one.get(step), "step " + step);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.halcyon.it.Parity#kinds")
    void allCopiesHaveTheSameBitsEveryTime(String kind) {
        Outcome first = train(kind, 3, 0.3);
        Outcome again = train(kind, 3, 0.3);
        assertEquals(first.losses, again.losses);
        for (int copy = 0; copy < 3; copy++) {
            assertArrayEquals(first.weights.getFirst(), first.weights.get(copy), 0);
            assertArrayEquals(first.weights.getFirst(), again.weights.get(copy), 0);
        }
    }

    /** Memory that a copy works in is given back when training ends, so an interrupt may not end it in the middle. */
    @Test
    void anInterruptWaitsForTheCopies() {
        List<Device> devices = List.of(Device.open("cpu"), Device.open("cpu"));
        List<Boolean> interrupted = new ArrayList<>();
        try {
            List<Model> models = devices.stream().map(device -> model(device, 0, 3)).toList();
            Trainer.of(models.getFirst()).replicas(models.subList(1, 2)).epochs(1).batchSize(TrainingRuns.BATCH)
                    .validationFraction(0).listen(new TrainingListener() {
                        @Override
                        public void answered(HostBatch batch, Tensor logits) {
                            Thread.currentThread().interrupt();
                        }

                        @Override
                        public void gradientsKnown() {
                            interrupted.add(Thread.interrupted());
                        }
                    }).fit(Splits.of(new TrainingRuns.Noise(IMAGES)));
        } finally {
            devices.forEach(Device::close);
        }
        assertEquals(List.of(true, true, true, true), interrupted);
    }

    @Test
    void stoppingAndResumingDoesNotShow() {
        Outcome whole = train("cpu", 2, 0.3);
        train("cpu", 2, 0.3, folder, false, 3);
        Outcome resumed = train("cpu", 2, 0.3, folder, true, -1);
        assertEquals(whole.losses.subList(3, 8), resumed.losses);
        assertArrayEquals(whole.weights.getLast(), resumed.weights.getLast(), 0);
    }

    @Test
    void fromTheShell() {
        Path run = folder.resolve("run");
        Cli train = Cli.run("train", "--device", "cpu,cpu", "--model", "mlp", "--epochs", 1, "--classes",
                "Sandal,Bag", "--out", run);
        assertEquals(0, train.status(), train.err());
        assertTrue(train.err().contains(" and cpu: "), train.err());
        Cli refused = Cli.run("predict", "--device", "cpu,cpu", run, run);
        assertEquals(2, refused.status());
        assertTrue(refused.err().contains("only training uses several devices"), refused.err());
    }
}
