package dev.halcyon.train;

import dev.halcyon.io.AtomicFile;
import dev.halcyon.io.FormatException;
import dev.halcyon.io.ModelFile;
import dev.halcyon.io.SafeTensors;
import dev.halcyon.io.Weights;
import dev.halcyon.nn.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;

/** The files of a run, or none if it has no folder. */
final class RunFolder {
    private final Path folder;
    private final Duration interval;
    private long lastSaved = System.nanoTime();

    RunFolder(Path folder, Duration interval) {
        this.folder = folder;
        this.interval = interval;
        if (folder != null) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new TrainingException("the run folder " + folder + " cannot be made (" + e
                        + "); choose another with --out", e);
            }
        }
    }

    boolean isCheckpointDue() {
        return folder != null && System.nanoTime() - lastSaved >= interval.toNanos();
    }

    void save(Checkpoint checkpoint, Progress progress) {
        if (folder != null) {
            write("a checkpoint", () -> checkpoint.save(folder, progress));
            lastSaved = System.nanoTime();
        }
    }

    void saveBest(Model model) {
        saveWeights("the best weights", Trainer.BEST_WEIGHTS, model);
    }

    void saveFirst(Model model) {
        saveWeights("the weights after the first epoch", Trainer.FIRST_WEIGHTS, model);
    }

    private void saveWeights(String what, String name, Model model) {
        if (folder != null) {
            write(what, () -> ModelFile.save(folder.resolve(name), model));
        }
    }

    void saveMetrics(Progress progress) {
        if (folder != null) {
            String lines = progress.history.stream().map(result -> Progress.toJson(result) + "\n")
                    .collect(Collectors.joining());
            write("metrics", () -> AtomicFile.writeText(folder.resolve("metrics.jsonl"), lines));
        }
    }

    Progress load(Checkpoint checkpoint, TrainingListener listener) {
        if (folder == null) {
            throw new IllegalArgumentException("resume: expected a run folder, found none; set one");
        }
        return checkpoint.load(folder, listener);
    }

    /** The best weights so far, so that they can be kept if no later epoch is better. */
    void loadBest(Model model, Snapshot best, int bestEpoch) {
        Path file = folder.resolve(Trainer.BEST_WEIGHTS);
        if (bestEpoch == 0) {
            return;
        }
        if (!Files.exists(file)) {
            throw new FormatException(file + ": expected the best weights so far, found none");
        }
        Snapshot current = new Snapshot();
        current.take(model.network());
        try (SafeTensors weights = SafeTensors.open(file)) {
            Weights.load(weights, model.network());
            best.take(model.network());
        } finally {
            current.restore(model.network());
        }
    }

    /** Something that writes a file. */
    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    private void write(String what, Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new TrainingException(what + " could not be written to " + folder + " (" + e.getMessage()
                    + "); earlier files are as they were; make room and go on with --resume " + folder, e);
        }
    }
}
