package dev.halcyon.train;

import dev.halcyon.data.Splits;
import dev.halcyon.data.Transform;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Schedule;
import dev.halcyon.optim.Sgd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains a model: set what should differ from the defaults, then {@link #fit}.
 *
 * <pre>{@code
 * TrainingResult result = Trainer.of(model)
 *         .optimizer(Sgd.momentum(0.9).nesterov().weightDecay(5e-4))
 *         .schedule(Schedule.oneCycle(0.4))
 *         .augment(RandomCrop.padding(4), HorizontalFlip.random())
 *         .epochs(20)
 *         .fit(splits);
 * }</pre>
 *
 * <p>The loop itself is in {@link TrainingLoop}; it uses nothing that a program could not use by itself. Only
 * {@link #stop} and what {@link #control} returns may be used by another thread.
 */
public final class Trainer {
    /** The file in a run folder that has the weights of the best epoch. */
    public static final String BEST_WEIGHTS = "best.safetensors";
    /** The file in a run folder that has the weights after the first epoch. */
    public static final String FIRST_WEIGHTS = "first.safetensors";

    final Model model;
    Optimizer.Settings optimizer = Sgd.momentum(0.9).nesterov().weightDecay(5e-4).decayWeightsOnly();
    Schedule schedule = Schedule.oneCycle(0.1);
    List<Transform> augmentation = List.of();
    List<Transform> preparation = List.of();
    int epochs = 10;
    int batchSize = 128;
    long seed;
    int workers = 1;
    double labelSmoothing;
    double validationFraction = 0.1;
    boolean strict;
    Path folder;
    boolean resuming;
    Duration checkpointInterval = Duration.ofMinutes(1);
    List<Model> replicas = List.of();
    final List<TrainingListener> listeners = new ArrayList<>();
    final TrainingControl control = new TrainingControl();

    private Trainer(Model model) {
        this.model = model;
    }

    /** A trainer of a model, with defaults that suit small images. */
    public static Trainer of(Model model) {
        return new Trainer(model);
    }

    /** How parameters move. Default: Nesterov's momentum 0.9, weight decay 5e-4 on weights alone. */
    public Trainer optimizer(Optimizer.Settings settings) {
        optimizer = settings;
        return this;
    }

    /** The learning rate over time. Default: one cycle with peak 0.1. */
    public Trainer schedule(Schedule newSchedule) {
        schedule = newSchedule;
        return this;
    }

    /** Random changes to training images. Default: none. */
    public Trainer augment(Transform... transforms) {
        augmentation = List.of(transforms);
        return this;
    }

    /** What brings validation and test images to the model's size. Default: nothing. */
    public Trainer prepare(Transform... transforms) {
        preparation = List.of(transforms);
        return this;
    }

    /** Passes over the training images, at least 1. Default: 10. */
    public Trainer epochs(int count) {
        epochs = atLeastOne("epochs", count);
        return this;
    }

    /** Images per step, at least 1. Default: 128. */
    public Trainer batchSize(int images) {
        batchSize = atLeastOne("batch size", images);
        return this;
    }

    /** Seed of the order of images, their augmentation and the validation split. Default: 0. */
    public Trainer seed(long newSeed) {
        seed = newSeed;
        return this;
    }

    /** Threads that read images ahead; with 0 the training thread reads them itself. Default: 1. */
    public Trainer workers(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("workers: expected at least 0, found " + count);
        }
        workers = count;
        return this;
    }

    /** Label smoothing, in [0, 1). Default: 0. */
    public Trainer labelSmoothing(double share) {
        labelSmoothing = new CrossEntropy(share).labelSmoothing();
        return this;
    }

    /** Share of training images set apart for validation where the data has none of its own. Default: 0.1. */
    public Trainer validationFraction(double fraction) {
        validationFraction = Splits.checkedFraction(fraction);
        return this;
    }

    /** Makes an unreadable image an error instead of leaving it out. */
    public Trainer strict(boolean on) {
        strict = on;
        return this;
    }

    /** Where checkpoints, metrics and the best weights are kept. Default: nowhere. */
    public Trainer folder(Path runFolder) {
        folder = runFolder;
        return this;
    }

    /** Goes on from the folder's last checkpoint. */
    public Trainer resume() {
        resuming = true;
        return this;
    }

    /** How often a checkpoint is written within an epoch; each epoch ends with one anyway. Default: a minute. */
    public Trainer checkpointInterval(Duration interval) {
        checkpointInterval = interval;
        return this;
    }

    /**
     * Further devices to learn on: each batch is divided among all, and their gradients are added up in a fixed order.
     * Default: none.
     *
     * @param copies of the model on devices of their own; their parameters are overwritten, and the caller closes them
     */
    public Trainer replicas(List<Model> copies) {
        replicas = List.copyOf(copies);
        return this;
    }

    /** Adds somebody to be told how it goes. */
    public Trainer listen(TrainingListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Asks training to stop after the current step, with a checkpoint. From any thread. */
    public void stop() {
        control.stop();
    }

    /** What pauses and steers a run while it goes. */
    public TrainingControl control() {
        return control;
    }

    /**
     * Trains; afterwards the model has the weights of the epoch with the best validation accuracy.
     *
     * @throws TrainingException if the loss stops being a number, memory does not suffice, or the folder cannot be
     *         written
     */
    public TrainingResult fit(Splits data) {
        return new TrainingLoop(this, data.withValidation(validationFraction, seed)).run();
    }

    /** All that a resumed run must have in common with the one it continues. */
    String settings() {
        return model.architecture() + ", input " + model.input() + ", classes " + model.classes() + ", " + optimizer
                + ", augmentation " + augmentation + ", epochs " + epochs + ", batch size " + batchSize + ", seed "
                + seed + ", label smoothing " + labelSmoothing + ", validation " + validationFraction;
    }

    private static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
        }
        return value;
    }
}
