package dev.halcyon.train;

import dev.halcyon.autograd.Tape;
import dev.halcyon.data.DataLoader;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Splits;
import dev.halcyon.data.Transform;
import dev.halcyon.device.DeviceMemoryException;
import dev.halcyon.loss.Loss;
import dev.halcyon.loss.Losses;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The loop: for every batch, the loss, its gradient, a step along it; after every epoch, a look at the validation images
 * and a checkpoint.
 */
final class TrainingLoop {
    /** Steps whose losses are read at once from a device with a queue of its own. */
    private static final int READ_TOGETHER = 10;

    private final Trainer trainer;
    private final Model model;
    private final Splits data;
    private final Loss loss;
    private final RunFolder folder;
    private final Snapshot best = new Snapshot();
    private final Set<String> reported = new HashSet<>();
    private Progress progress = new Progress();
    /** Of steps that no listener knows yet. */
    private StepLosses losses;
    /** Copies on further devices; null if there are none. */
    private Replicas replicas;
    /** When the current epoch began, in nanoseconds; pauses move it forward, so that they do not count. */
    private long started;

    TrainingLoop(Trainer trainer, Splits data) {
        this.trainer = trainer;
        this.model = trainer.model;
        this.data = data;
        this.loss = Losses.crossEntropy(trainer.labelSmoothing);
        this.folder = new RunFolder(trainer.folder, trainer.checkpointInterval);
        if (!data.classes().equals(model.classes())) {
            throw new IllegalArgumentException("fit: expected data of the model's classes " + model.classes()
                    + ", found " + data.classes());
        }
    }

    TrainingResult run() {
        try (Optimizer optimizer = trainer.optimizer.on(model.network().parameters());
                DataLoader loader = new DataLoader(data.train(), transforms(), loaderSettings(true));
                Replicas copies = trainer.replicas.isEmpty()
                        ? null
                        : new Replicas(model, optimizer, trainer.replicas, trainer.optimizer, loss);
                StepLosses kept = new StepLosses(model.device(), readTogether())) {
            replicas = copies;
            losses = kept;
            Checkpoint checkpoint = new Checkpoint(model, optimizer, trainer.settings());
            if (trainer.resuming) {
                progress = folder.load(checkpoint, tell());
                folder.loadBest(model, best, progress.bestEpoch);
                trainer.control.rateFactor(progress.rateFactor);
            }
            if (replicas != null) {
                replicas.synchronize();
            }
            TrainingPlan plan = new TrainingPlan(model, data, trainer.preparation, trainer.epochs,
                    List.copyOf(progress.history));
            trainer.listeners.forEach(listener -> listener.started(plan));
            while (progress.epoch < trainer.epochs && !trainer.control.isStopping()) {
                started = System.nanoTime();
                boolean complete = epoch(loader, optimizer, checkpoint);
                progress.seconds += secondsSince(started);
                if (complete) {
                    finishEpoch(checkpoint);
                    if (trainer.control.isStoppingAfterEpoch()) {
                        break;
                    }
                } else {
                    save(checkpoint);
                }
            }
        }
        return result();
    }

    private int readTogether() {
        boolean ahead = model.device().backend().isQueued()
                && trainer.listeners.stream().noneMatch(TrainingListener::wantsEveryStep);
        return ahead ? READ_TOGETHER : 1;
    }

    private List<Transform> transforms() {
        List<Transform> all = new ArrayList<>(trainer.augmentation);
        if (all.stream().noneMatch(transform -> transform instanceof Transform.OnImage)) {
            all.addAll(0, trainer.preparation);
        }
        return all;
    }

    private DataLoader.Settings loaderSettings(boolean training) {
        DataLoader.Settings settings = training
                ? DataLoader.Settings.training(trainer.batchSize, trainer.seed)
                : DataLoader.Settings.evaluation(trainer.batchSize);
        return settings.withWorkers(trainer.workers).strict(trainer.strict);
    }

    /** What is left of the current epoch; false if it was stopped on the way. */
    private boolean epoch(DataLoader loader, Optimizer optimizer, Checkpoint checkpoint) {
        double before = progress.seconds;
        try (DataLoader.Epoch batches = loader.epoch(progress.epoch, progress.batch)) {
            while (batches.hasNext()) {
                awaitProceeding();
                if (trainer.control.isStopping()) {
                    readLosses();
                    return false;
                }
                HostBatch batch = batches.next();
                if (batch.size() > 0) {
                    step(batch, optimizer, loader.batches());
                }
                progress.batch++;
                if (batches.hasNext() && folder.isCheckpointDue()) {
                    readLosses();
                    progress.seconds = before + secondsSince(started);
                    save(checkpoint);
                    progress.seconds = before;
                }
            }
            readLosses();
        }
        reportSkipped(loader);
        return true;
    }

    private void awaitProceeding() {
        if (trainer.control.isPaused()) {
            readLosses();
        }
        long waited = trainer.control.awaitProceeding();
        if (waited > 0) {
            started += waited;
            trainer.listeners.forEach(listener -> listener.paused(waited));
        }
    }

    private void step(HostBatch batch, Optimizer optimizer, int batches) {
        progress.rateFactor = trainer.control.rateFactor();
        double rate = progress.rateFactor
                * trainer.schedule.rate(progress.epoch + (double) progress.batch / batches, trainer.epochs);
        try {
            if (replicas == null) {
                model.device().step(() -> learn(batch, optimizer, rate));
            } else {
                replicas.learn(batch, rate, this::answered, this::gradientsKnown, value -> keep(value, batch));
            }
        } catch (DeviceMemoryException e) {
            throw new TrainingException(Diagnosis.ofMemory(model, batch, loss, e), e);
        }
        losses.queued(new StepResult(progress.epoch + 1, progress.batch + 1, batches, Double.NaN, rate, batch.size()));
        if (losses.isFull()) {
            readLosses();
        }
    }

    private void learn(HostBatch batch, Optimizer optimizer, double rate) {
        try (Tape tape = model.device().record()) {
            Tensor logits = model.forward(model.prepare(batch));
            answered(batch, logits);
            Tensor lossOfBatch = loss.of(logits, model.labels(batch));
            keep(lossOfBatch, batch);
            tape.backward(lossOfBatch);
            gradientsKnown();
            optimizer.step(rate);
        }
    }

    private void answered(HostBatch batch, Tensor logits) {
        trainer.listeners.forEach(listener -> listener.answered(batch, logits));
    }

    private void gradientsKnown() {
        trainer.listeners.forEach(TrainingListener::gradientsKnown);
    }

    private void keep(Tensor lossOfBatch, HostBatch batch) {
        losses.keep(lossOfBatch);
        if (!model.device().backend().isQueued()) {
            // known already: better seen before the parameters move
            double value = lossOfBatch.item();
            if (!Double.isFinite(value)) {
                throw new TrainingException(Diagnosis.ofLoss(model, batch, value, progress.steps + 1));
            }
        }
    }

    /** Waits for the losses of the steps taken since the last time, and tells of them. */
    private void readLosses() {
        losses.read(step -> {
            if (!Double.isFinite(step.loss())) {
                throw new TrainingException(Diagnosis.ofLossSeenLater(model, step.loss(), progress.steps + 1));
            }
            progress.steps++;
            progress.rate = step.lr();
            progress.lossSum += step.loss() * step.images();
            progress.images += step.images();
            progress.allImages += step.images();
            trainer.listeners.forEach(listener -> listener.step(step));
        });
    }

    private void finishEpoch(Checkpoint checkpoint) {
        long validationStarted = System.nanoTime();
        Optional<Evaluation> validation = data.validation().map(this::evaluate);
        progress.seconds += secondsSince(validationStarted);
        int epoch = progress.epoch + 1;
        EpochResult result = new EpochResult(epoch, progress.lossSum / Math.max(1, progress.images),
                validation.map(Evaluation::loss).orElse(Double.NaN),
                validation.map(Evaluation::top1).orElse(Double.NaN),
                progress.rate, secondsSince(started));
        validation.ifPresent(seen -> trainer.listeners.forEach(listener -> listener.validated(epoch, seen)));
        progress.history.add(result);
        progress.epoch++;
        progress.batch = 0;
        progress.lossSum = 0;
        progress.images = 0;
        if (progress.epoch == 1) {
            folder.saveFirst(model);
        }
        if (progress.isBest(result)) {
            progress.bestEpoch = progress.epoch;
            progress.bestTop1 = result.valTop1();
            progress.bestLoss = result.valLoss();
            best.take(model.network());
            folder.saveBest(model);
        }
        save(checkpoint);
        folder.saveMetrics(progress);
        trainer.listeners.forEach(listener -> listener.epoch(result));
    }

    private Evaluation evaluate(Dataset dataset) {
        return Evaluation.of(model, dataset, trainer.preparation, loaderSettings(false));
    }

    private void save(Checkpoint checkpoint) {
        Diagnosis.requireFinite(model, progress.steps);
        folder.save(checkpoint, progress);
    }

    private void reportSkipped(DataLoader loader) {
        Set<String> skipped = loader.skipped();
        if (reported.addAll(skipped)) {
            trainer.listeners.forEach(listener -> listener.skipped(skipped));
        }
    }

    private TrainingResult result() {
        boolean stopped = progress.epoch < trainer.epochs;
        if (!best.isEmpty()) {
            best.restore(model.network());
        }
        Optional<Evaluation> test = stopped ? Optional.empty() : data.test().map(this::evaluate);
        double top1 = progress.bestEpoch == 0 ? Double.NaN : progress.bestTop1;
        return new TrainingResult(List.copyOf(progress.history), progress.bestEpoch, top1, test, progress.seconds,
                progress.allImages, stopped);
    }

    private TrainingListener tell() {
        return new TrainingListener() {
            @Override
            public void notice(String message) {
                trainer.listeners.forEach(listener -> listener.notice(message));
            }
        };
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
