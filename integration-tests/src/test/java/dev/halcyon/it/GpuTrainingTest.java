package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Device;
import dev.halcyon.loss.Losses;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Sgd;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import dev.halcyon.train.EpochResult;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on the emulated GPU: its bits repeat, and its losses are the CPU's. */
@WithEmulatedGpu(required = true)
class GpuTrainingTest {
    private static final String SUBMISSION = "halcyon.cudaSubmission";
    private static final double AGREEMENT = 1e-4;
    private static final int STEPS = 20;
    private static final int CLASSES = 10;

    private static String expected;

    @TempDir
    private Path folder;

    @BeforeAll
    static void trainOnce() {
        expected = train(null, trainer -> trainer);
    }

    private static String train(Path folder, UnaryOperator<Trainer> settings) {
        return TrainingRuns.train("cuda", 0, folder, settings);
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        assertEquals(expected, train(null, trainer -> trainer));
        assertNotEquals(expected, train(null, trainer -> trainer.seed(8)));
    }

    @Test
    void graphsGiveTheBitsOfLaunches() {
        for (String submission : new String[] {"launches", "blocking"}) {
            System.setProperty(SUBMISSION, submission);
            try {
                assertEquals(expected, train(null, trainer -> trainer), submission);
            } finally {
                System.clearProperty(SUBMISSION);
            }
        }
    }

    @Test
    void stoppingAndResumingDoesNotShow() {
        assertNotEquals(expected, train(folder, GpuTrainingTest::stopAfterFive));
        assertEquals(expected, train(folder, Trainer::resume));
    }

    @Test
    void aRunGoesFromOneDeviceToTheOtherAndBack() {
        train(folder, GpuTrainingTest::stopAfterFive);
        TrainingRuns.train(1, folder, trainer -> stopAfterFive(trainer.resume()));
        List<Integer> epochs = new ArrayList<>();
        train(folder, trainer -> trainer.resume().listen(new TrainingListener() {
            @Override
            public void epoch(EpochResult result) {
                epochs.add(result.epoch());
            }
        }));
        assertEquals(List.of(1, 2, 3), epochs);
    }

    private static Trainer stopAfterFive(Trainer trainer) {
        return trainer.listen(new Told(true) {
            @Override
            public void step(StepResult result) {
                super.step(result);
                if (batches.size() == 5) {
                    trainer.stop();
                }
            }
        });
    }

    @Test
    void stepsAreToldInOrderAndOneByOneToThoseWhoWantIt() {
        Told every = new Told(true);
        Told any = new Told(false);
        train(null, trainer -> trainer.epochs(1).listen(every));
        train(null, trainer -> trainer.epochs(1).listen(any));
        assertEquals(every.batches, any.batches);
        assertEquals(every.losses, any.losses);
        assertEquals(every.batches, every.answeredBefore);
        assertTrue(any.answeredBefore.getFirst() > 1, "the first loss was read before the second step");
    }

    @Test
    void lenetLearnsAsOnTheCpu() {
        assertSameLosses("lenet", 28, 1, 8, 0.02);
    }

    /** At larger rates so deep a network makes much of a difference in the last bit: by half as much again at every step. */
    @Test
    void resnetLearnsAsOnTheCpu() {
        assertSameLosses("resnet20", 16, 3, 8, 0.0002);
    }

    private static void assertSameLosses(String network, int extent, int channels, int batch, double rate) {
        double[] onCpu = losses("cpu", network, extent, channels, batch, rate);
        double[] onGpu = losses("cuda", network, extent, channels, batch, rate);
        for (int step = 0; step < STEPS; step++) {
            assertEquals(onCpu[step], onGpu[step], AGREEMENT * onCpu[step], network + ", step " + (step + 1));
        }
    }

    private static double[] losses(String kind, String network, int extent, int channels, int batch, double rate) {
        double[] losses = new double[STEPS];
        List<String> names = IntStream.range(0, CLASSES).mapToObj(i -> "class " + i).toList();
        Model.Input input = new Model.Input(extent, extent, Models.usualNormalization(channels));
        try (Device device = Device.open(kind);
                Model model = Models.create(network, input, names, device, 1);
                Optimizer optimizer = Sgd.momentum(0.9).nesterov().on(model.network().parameters());
                Tensor kept = Tensor.zeros(device, DataType.FLOAT32, Shape.of(1))) {
            for (int step = 0; step < STEPS; step++) {
                RandomStream random = RandomStream.of(3, step);
                device.step(() -> {
                    try (Tape tape = device.record()) {
                        Tensor loss = Losses.crossEntropy(model.forward(noise(device, random, batch, input)),
                                labels(device, random, batch));
                        device.backend().copy(loss.view().as(kept.shape()), kept.view());
                        tape.backward(loss);
                        optimizer.step(rate);
                    }
                });
                losses[step] = kept.item();
            }
        }
        return losses;
    }

    private static Tensor noise(Device device, RandomStream random, int batch, Model.Input input) {
        float[] pixels = new float[batch * input.height() * input.width() * input.channels()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextInt(1000) / 500f - 1;
        }
        return Tensor.of(device, Shape.of(batch, input.height(), input.width(), input.channels()), pixels);
    }

    private static Tensor labels(Device device, RandomStream random, int batch) {
        long[] labels = new long[batch];
        for (int i = 0; i < batch; i++) {
            labels[i] = random.nextInt(CLASSES);
        }
        return Tensor.of(device, Shape.of(batch), labels);
    }

    /** Notes the steps it is told of, and how many batches were answered before each. */
    private static class Told implements TrainingListener {
        final List<Integer> batches = new ArrayList<>();
        final List<Double> losses = new ArrayList<>();
        final List<Integer> answeredBefore = new ArrayList<>();
        private final boolean everyStep;
        private int answered;

        Told(boolean everyStep) {
            this.everyStep = everyStep;
        }

        @Override
        public boolean wantsEveryStep() {
            return everyStep;
        }

        @Override
        public void gradientsKnown() {
            answered++;
        }

        @Override
        public void step(StepResult result) {
            batches.add(result.batch());
            losses.add(result.loss());
            answeredBefore.add(answered);
        }
    }
}
