package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.halcyon.train.StepResult;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed gives the same bits: over threads, workers, repetitions, and however often a run is interrupted. */
class ReproducibilityTest {
    private static String expected;

    @TempDir
    private Path folder;

    @BeforeAll
    static void trainOnce() {
        expected = TrainingRuns.train(1, null, trainer -> trainer);
    }

    @Test
    void theNumberOfThreadsDoesNotShow() {
        assertEquals(expected, TrainingRuns.train(1, null, trainer -> trainer));
        assertEquals(expected, TrainingRuns.train(2, null, trainer -> trainer));
        assertEquals(expected, TrainingRuns.train(3, null, trainer -> trainer));
    }

    @Test
    void theNumberOfWorkersDoesNotShow() {
        assertEquals(expected, TrainingRuns.train(1, null, trainer -> trainer.workers(0)));
        assertEquals(expected, TrainingRuns.train(1, null, trainer -> trainer.workers(3)));
    }

    @Test
    void theSeedDoes() {
        assertNotEquals(expected, TrainingRuns.train(1, null, trainer -> trainer.seed(8)));
    }

    @Test
    void stoppingAndResumingDoesNotShow() {
        String last = TrainingRuns.train(2, folder, trainer -> stopAfter(trainer, 5));
        assertNotEquals(expected, last);
        for (int i = 0; i < 4; i++) {
            int steps = 7 + i;
            last = TrainingRuns.train(2, folder, trainer -> stopAfter(trainer.resume(), steps));
        }
        assertEquals(expected, TrainingRuns.train(1, folder, Trainer::resume));
    }

    @Test
    void aDamagedCheckpointIsReplacedByTheOneBefore() throws IOException {
        TrainingRuns.train(2, folder, trainer -> stopAfter(trainer.checkpointInterval(Duration.ZERO), 20));
        byte[] content = Files.readAllBytes(folder.resolve("last.ckpt"));
        content[content.length / 2] ^= 1;
        Files.write(folder.resolve("last.ckpt"), content);
        List<String> notices = new ArrayList<>();
        String resumed = TrainingRuns.train(2, folder, trainer -> trainer.resume().listen(new TrainingListener() {
            @Override
            public void notice(String message) {
                notices.add(message);
            }
        }));
        assertEquals(expected, resumed);
        assertEquals(1, notices.size());
    }

    private static Trainer stopAfter(Trainer trainer, int steps) {
        int[] left = {steps};
        return trainer.listen(new TrainingListener() {
            @Override
            public void step(StepResult result) {
                if (--left[0] == 0) {
                    trainer.stop();
                }
            }
        });
    }
}
