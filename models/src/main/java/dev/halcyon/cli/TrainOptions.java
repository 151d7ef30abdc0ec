package dev.halcyon.cli;

import com.google.gson.JsonObject;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.optim.AdamW;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Schedule;
import dev.halcyon.optim.Sgd;
import dev.halcyon.text.Suggestion;
import dev.halcyon.train.Trainer;
import java.util.List;
import picocli.CommandLine.Option;

/** How a model is trained: what a recipe holds. */
final class TrainOptions {
    private static final List<String> OPTIMIZERS = List.of("sgd", "adamw");
    private static final List<String> SCHEDULES = List.of("one-cycle", "cosine", "step", "constant");
    private static final double SGD_RATE = 0.1;
    /** Without batch norm large rates diverge. */
    private static final double SGD_RATE_WITHOUT_NORM = 0.02;
    private static final double ADAMW_RATE = 2e-3;

    @Option(names = "--model", paramLabel = "NAME",
            description = "The network, see 'halcyon models' (default: convnet, or resnet18 for images above 64 pixels).")
    private String model;

    @Option(names = "--epochs", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "8",
            description = "Passes over the data (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(names = "--batch-size", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "128",
            description = "Images per step (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(names = "--lr", paramLabel = "X",
            description = "Learning rate (default: what suits optimiser and network).")
    private Double lr;

    @Option(names = "--optimizer", paramLabel = "NAME", defaultValue = "sgd",
            description = "sgd or adamw (default: ${DEFAULT-VALUE}).")
    private String optimizer;

    @Option(names = "--momentum", paramLabel = "X", defaultValue = "0.9",
            description = "Momentum of sgd (default: ${DEFAULT-VALUE}).")
    private double momentum;

    @Option(names = "--weight-decay", paramLabel = "X", defaultValue = "5e-4",
            description = "On weights, not on biases and norms (default: ${DEFAULT-VALUE}).")
    private double weightDecay;

    @Option(names = "--schedule", paramLabel = "NAME", defaultValue = "one-cycle",
            description = "Learning rate over time: one-cycle, cosine, step or constant (default: ${DEFAULT-VALUE}).")
    private String schedule;

    @Option(names = "--step-epochs", paramLabel = "N", defaultValue = "30",
            description = "Epochs between drops by 10 of --schedule step (default: ${DEFAULT-VALUE}).")
    private double stepEpochs;

    @Option(names = "--warmup-epochs", paramLabel = "N", defaultValue = "0",
            description = "Epochs of linear rise before the schedule (default: ${DEFAULT-VALUE}).")
    private double warmupEpochs;

    @Option(names = "--label-smoothing", paramLabel = "X", defaultValue = "0.05",
            description = "Share of the truth spread over all classes (default: ${DEFAULT-VALUE}).")
    private double labelSmoothing;

    @Option(names = "--augment", paramLabel = "KIND", defaultValue = "auto",
            converter = Preparation.Augment.Converter.class,
            description = "Random changes of training images: auto, none, crop, crop-flip or resized-crop"
                    + " (default: ${DEFAULT-VALUE}).")
    private Preparation.Augment augment;

    @Option(names = "--image-size", paramLabel = "HxW", converter = ImageSize.Converter.class,
            description = "Bring images to this size (default: theirs if small, else 128x128).")
    private ImageSize imageSize;

    @Option(names = "--val-fraction", paramLabel = "X", defaultValue = "0.1",
            description = "Training images set apart to choose the epoch that is kept (default: ${DEFAULT-VALUE}).")
    private double valFraction;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0",
            description = "Seed of weights, order and augmentation (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "1",
            description = "Threads that read images ahead; 0 for none (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(names = "--strict", description = "Fail on an unreadable image.")
    private boolean strict;

    int epochs() {
        return epochs;
    }

    long seed() {
        return seed;
    }

    boolean strict() {
        return strict;
    }

    ImageSize imageSize() {
        return imageSize;
    }

    String model(Model.Input input) {
        return model != null ? model : input.isSmall() ? "convnet" : "resnet18";
    }

    /**
     * Checks names and ranges, before any data is read.
     *
     * @throws IllegalArgumentException if one is wrong; the message suggests the nearest name
     */
    void check() {
        known("optimizer", optimizer, OPTIMIZERS);
        known("schedule", schedule, SCHEDULES);
        if (model != null) {
            Models.find(model);
        }
        if (lr != null && !(lr > 0)) {
            throw new IllegalArgumentException("--lr: expected a learning rate above 0, found " + lr);
        }
        if (!(stepEpochs > 0)) {
            throw new IllegalArgumentException("--step-epochs: expected more than 0, found " + stepEpochs);
        }
        if (!(warmupEpochs >= 0 && warmupEpochs < epochs)) {
            throw new IllegalArgumentException("--warmup-epochs: expected at least 0 and fewer than the " + epochs
                    + " epochs of the run, found " + warmupEpochs);
        }
    }

    private static void known(String kind, String name, List<String> names) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException("unknown " + kind + " '" + name + "'" + Suggestion.among(name, names));
        }
    }

    Trainer configure(Trainer trainer, Model built) {
        double rate = lr != null ? lr : defaultRate(built);
        return trainer.optimizer(optimizerSettings()).schedule(scheduleOf(rate)).epochs(epochs).batchSize(batchSize)
                .seed(seed).workers(workers).labelSmoothing(labelSmoothing).validationFraction(valFraction)
                .strict(strict).augment(Preparation.forTraining(augment, built.input()))
                .prepare(Preparation.forEvaluation(built.input()));
    }

    private Optimizer.Settings optimizerSettings() {
        Optimizer.Settings settings = switch (optimizer) {
            case "adamw" -> AdamW.usual();
            default -> momentum == 0 ? Sgd.plain() : Sgd.momentum(momentum).nesterov();
        };
        return settings.weightDecay(weightDecay).decayWeightsOnly();
    }

    private double defaultRate(Model built) {
        if (optimizer.equals("adamw")) {
            return ADAMW_RATE;
        }
        boolean normed = built.network().parameters().stream().anyMatch(p -> p.role() == Parameter.Role.NORM);
        return normed ? SGD_RATE : SGD_RATE_WITHOUT_NORM;
    }

    private Schedule scheduleOf(double rate) {
        Schedule chosen = switch (schedule) {
            case "cosine" -> Schedule.cosine(rate);
            case "step" -> Schedule.step(rate, stepEpochs, 0.1);
            case "constant" -> Schedule.constant(rate);
            default -> Schedule.oneCycle(rate);
        };
        return warmupEpochs > 0 ? chosen.warmUp(warmupEpochs) : chosen;
    }

    /** These options as a recipe, those left open as they were decided. */
    JsonObject recipe(Model built) {
        JsonObject recipe = new JsonObject();
        recipe.addProperty("model", built.architecture());
        recipe.addProperty("epochs", epochs);
        recipe.addProperty("batch_size", batchSize);
        recipe.addProperty("lr", lr != null ? lr : defaultRate(built));
        recipe.addProperty("optimizer", optimizer);
        recipe.addProperty("momentum", momentum);
        recipe.addProperty("weight_decay", weightDecay);
        recipe.addProperty("schedule", schedule);
        recipe.addProperty("step_epochs", stepEpochs);
        recipe.addProperty("warmup_epochs", warmupEpochs);
        recipe.addProperty("label_smoothing", labelSmoothing);
        recipe.addProperty("augment", augment.toString());
        recipe.addProperty("image_size", built.input().height() + "x" + built.input().width());
        recipe.addProperty("val_fraction", valFraction);
        recipe.addProperty("seed", seed);
        recipe.addProperty("workers", workers);
        recipe.addProperty("strict", strict);
        return recipe;
    }
}
