package dev.halcyon.it;

import java.nio.file.Path;
import java.time.Duration;

/** A process of its own that trains until it is killed or done, and prints the checksum of its weights. */
final class KilledRun {
    private KilledRun() {
    }

    /** Arguments: the run folder, and "resume" to go on. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        boolean resume = arguments.length > 1;
        System.out.println(TrainingRuns.train(2, folder, trainer -> {
            trainer.checkpointInterval(Duration.ofMillis(5));
            return resume ? trainer.resume() : trainer;
        }));
    }
}
