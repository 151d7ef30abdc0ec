package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.data.Splits;
import dev.halcyon.device.Device;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Schedule;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingListener;
import dev.halcyon.train.TrainingResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run is paused, stopped and given another learning rate while it goes. */
@Timeout(60)
class SteeringTest {
    private static final int IMAGES = 100;
    private static final int STEPS_PER_EPOCH = 5;

    @TempDir
    private Path folder;

    @Test
    void aPauseDoesNotShowInTheWeights() throws InterruptedException {
        String expected = TrainingRuns.train(1, null, trainer -> trainer);
        CountDownLatch reached = new CountDownLatch(1);
        Trainer[] running = new Trainer[1];
        String[] weights = new String[1];
        List<Long> pauses = new ArrayList<>();
        Thread training = Thread.ofPlatform().start(() -> weights[0] = TrainingRuns.train(1, null, trainer -> {
            running[0] = trainer;
            return trainer.listen(afterSteps(count -> {
                if (count == 4) {
                    trainer.control().pause();
                    reached.countDown();
                }
            })).listen(new TrainingListener() {
                @Override
                public void paused(long nanoseconds) {
                    pauses.add(nanoseconds);
                }
            });
        }));
        reached.await();
        while (training.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertTrue(running[0].control().isPaused());
        running[0].control().proceed();
        training.join();
        assertEquals(expected, weights[0]);
        assertEquals(1, pauses.size());
    }

    @Test
    void aPausedRunCanBeStopped() throws InterruptedException {
        TrainingResult[] result = new TrainingResult[1];
        Trainer[] running = new Trainer[1];
        CountDownLatch reached = new CountDownLatch(1);
        Thread training = Thread.ofPlatform().start(() -> result[0] = fit(trainer -> {
            running[0] = trainer;
            trainer.control().pause();
            reached.countDown();
        }, List.of()));
        reached.await();
        while (training.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        running[0].stop();
        training.join();
        assertTrue(result[0].stopped());
        assertEquals(0, result[0].images());
    }

    @Test
    void aRunStopsAfterTheEpochThatItIsIn() {
        TrainingResult result = fit(trainer -> trainer.listen(afterSteps(count -> {
            if (count == STEPS_PER_EPOCH + 1) {
                trainer.control().stopAfterEpoch(true);
            }
        })));
        assertEquals(2, result.epochs().size());
        assertTrue(result.stopped());
    }

    @Test
    void stoppingAfterAnEpochCanBeTakenBack() {
        TrainingResult result = fit(trainer -> {
            trainer.control().stopAfterEpoch(true);
            trainer.control().stopAfterEpoch(false);
        });
        assertFalse(result.stopped());
    }

    @Test
    void anotherRateHoldsFromTheNextStepOnAndInAResumedRun() {
        List<Double> rates = new ArrayList<>();
        fit(trainer -> trainer.listen(afterSteps(count -> {
            if (count == 2) {
                trainer.control().rateFactor(0.5);
            } else if (count == 4) {
                trainer.stop();
            }
        })), rates);
        assertEquals(List.of(0.01, 0.01, 0.005, 0.005), rates);
        fit(Trainer::resume, rates);
        assertEquals(0.005, rates.getLast());
        assertEquals(3 * STEPS_PER_EPOCH, rates.size());
    }

    @Test
    void aFactorIsAboveZeroAndFinite() {
        try (Device device = Device.open("cpu"); Model model = TrainingRuns.model(device)) {
            for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
                assertThrows(IllegalArgumentException.class, () -> Trainer.of(model).control().rateFactor(wrong));
            }
        }
    }

    @Test
    void anotherRateChangesTheWeights() {
        assertNotEquals(TrainingRuns.train(1, null, trainer -> trainer), TrainingRuns.train(1, null, trainer -> {
            trainer.control().rateFactor(1.5);
            return trainer;
        }));
    }

    private TrainingResult fit(Consumer<Trainer> steering) {
        return fit(steering, new ArrayList<>());
    }

    private TrainingResult fit(Consumer<Trainer> steering, List<Double> rates) {
        try (Device device = Device.open("cpu"); Model model = TrainingRuns.model(device)) {
            Trainer trainer = Trainer.of(model).epochs(3).batchSize(IMAGES / STEPS_PER_EPOCH).validationFraction(0)
                    .schedule(Schedule.constant(0.01)).folder(folder).listen(new TrainingListener() {
                        @Override
                        public void step(StepResult result) {
                            rates.add(result.lr());
                        }
                    });
            steering.accept(trainer);
            return trainer.fit(Splits.of(new TrainingRuns.Noise(IMAGES)));
        }
    }

    private static TrainingListener afterSteps(IntConsumer action) {
        return new TrainingListener() {
            private int count;

            @Override
            public void step(StepResult result) {
                action.accept(++count);
            }
        };
    }
}
