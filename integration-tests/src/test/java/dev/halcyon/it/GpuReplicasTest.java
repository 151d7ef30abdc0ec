package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.data.Splits;
import dev.halcyon.device.Device;
import dev.halcyon.emulator.driver.Alive;
import dev.halcyon.emulator.driver.EmulatedGpu;
import dev.halcyon.emulator.driver.Launch;
import dev.halcyon.emulator.driver.Settings;
import dev.halcyon.nn.Model;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What two GPUs that learn together do in a step: graphs, and as few copies as there can be. */
final class GpuReplicasTest {
    private static final int STEPS = 6;
    /** The other's gradients and its share of the loss; the sum of the gradients. */
    private static final long COPIES = 3;

    /** What the devices did since it was asked the last time. */
    private record Work(long copies, long graphs, long kernels) {
        static Work of(List<Launch> launches, Launch.Direction direction) {
            return new Work(count(launches, launch -> launch instanceof Launch.Copy copy
                    && copy.direction() == direction),
                    count(launches, Launch.Graph.class::isInstance), count(launches, Launch.Kernel.class::isInstance));
        }

        private static long count(List<Launch> launches, Predicate<Launch> which) {
            return launches.stream().filter(which).count();
        }
    }

    @Test
    void stepsAreGraphsAndGradientsGoTogether() {
        check(Settings.standard().withDevices(2), Launch.Direction.BETWEEN_DEVICES);
    }

    @Test
    void devicesThatCannotReachEachOtherLearnTogetherAsWell() {
        check(Settings.standard().withDevices(2).withoutPeerAccess(), Launch.Direction.BY_WAY_OF_HOST);
    }

    private static void check(Settings settings, Launch.Direction direction) {
        List<Work> steps = new ArrayList<>();
        try (EmulatedGpu gpu = EmulatedGpu.startOrSkip(settings)) {
            try (Device first = Device.open("cuda:0");
                    Device second = Device.open("cuda:1");
                    Model model = TrainingRuns.model(first);
                    Model copy = TrainingRuns.model(second)) {
                Trainer.of(model).replicas(List.of(copy)).epochs(1).batchSize(TrainingRuns.BATCH).validationFraction(0)
                        .listen(new TrainingListener() {
                            @Override
                            public boolean wantsEveryStep() {
                                return true;
                            }

                            @Override
                            public void step(StepResult result) {
                                second.backend().synchronize();
                                steps.add(Work.of(gpu.launches(), direction));
                                gpu.forgetLaunches();
                            }
                        }).fit(Splits.of(new TrainingRuns.Noise(STEPS * TrainingRuns.BATCH)));
            }
            assertEquals(Alive.nothing(), gpu.alive());
        }
        for (Work step : steps.subList(2, STEPS)) {
            assertEquals(COPIES, step.copies, steps::toString);
            assertEquals(6, step.graphs, steps::toString);
        }
        assertTrue(steps.getLast().kernels > 20, steps::toString);
    }
}
