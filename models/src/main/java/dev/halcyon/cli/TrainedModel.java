package dev.halcyon.cli;

import dev.halcyon.device.Device;
import dev.halcyon.io.FormatException;
import dev.halcyon.io.ModelFile;
import dev.halcyon.io.SafeTensors;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A trained model as commands are given it: a weights file, or the run folder that it lies in. */
record TrainedModel(Path file) {
    static TrainedModel at(Path fileOrRun) {
        if (Files.isDirectory(fileOrRun)) {
            Path best = fileOrRun.resolve(Trainer.BEST_WEIGHTS);
            if (!Files.exists(best)) {
                throw new FormatException(
                        fileOrRun + ": expected a run folder with " + Trainer.BEST_WEIGHTS + " in it, found none");
            }
            return new TrainedModel(best);
        }
        return new TrainedModel(fileOrRun);
    }

    /**
     * Loads it.
     *
     * @param architecture the network, or null if the file says it
     * @param elsewhere input and classes where the file does not say them
     */
    Model load(String architecture, Optional<ModelFile.Description> elsewhere, Device device) {
        try (SafeTensors weights = SafeTensors.open(file)) {
            Optional<ModelFile.Description> own = ModelFile.describe(weights);
            ModelFile.Description base = own.or(() -> elsewhere).orElseThrow(this::needsModel);
            String name = architecture != null ? architecture : own.map(ModelFile.Description::architecture)
                    .orElseThrow(this::needsModel);
            return Models.load(weights, new ModelFile.Description(name, base.input(), base.classes()), device);
        }
    }

    private FormatException needsModel() {
        return new FormatException(file + ": does not say which model it holds; name it with --model");
    }

    /** What to assume of weights from elsewhere: images of a size, normalised as published weights usually expect. */
    static Optional<ModelFile.Description> assumed(int height, int width, int channels, List<String> classes) {
        Model.Input input = new Model.Input(height, width, Models.usualNormalization(channels));
        return Optional.of(new ModelFile.Description("", input, classes));
    }
}
