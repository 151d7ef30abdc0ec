package dev.halcyon.train;

import dev.halcyon.autograd.Tape;
import dev.halcyon.data.HostBatch;
import dev.halcyon.device.DeviceMemoryException;
import dev.halcyon.device.MemoryPool;
import dev.halcyon.loss.Loss;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Why training cannot go on, in a sentence that helps. */
final class Diagnosis {
    private static final int TRIAL_BATCH = 2;

    private Diagnosis() {
    }

    /** Which parameter or layer a loss that is no number came from. */
    static String ofLoss(Model model, HostBatch batch, double loss, long step) {
        String place = brokenParameter(model).map(name -> "parameter " + name + " is no longer finite")
                .or(() -> brokenLayer(model, batch).map(layer -> "the output of layer " + layer + " is not finite"))
                .orElse("all layers are finite, so the loss itself overflowed");
        return "the loss became " + loss + " at step " + step + ": " + place + remedy();
    }

    /** Which parameter a loss that is no number came from, seen when its step and perhaps others had been taken. */
    static String ofLossSeenLater(Model model, double loss, long step) {
        return "the loss became " + loss + " at step " + step + brokenParameter(model)
                .map(name -> ": parameter " + name + " is no longer finite").orElse("") + remedy();
    }

    /**
     * Refuses to go on with broken parameters, before they are written to a checkpoint.
     *
     * @throws TrainingException if a parameter is not finite
     */
    static void requireFinite(Model model, long step) {
        brokenParameter(model).ifPresent(name -> {
            throw new TrainingException("parameter " + name + " is no longer finite after step " + step + remedy());
        });
    }

    private static String remedy() {
        return "; the last good checkpoint is kept: go on from it with a lower learning rate (--lr)";
    }

    private static Optional<String> brokenParameter(Model model) {
        try (Scope _ = Scope.open()) {
            List<Parameter> parameters = model.network().parameters();
            if (allFinite(model, parameters.stream().map(Parameter::tensor).toList())) {
                return Optional.empty();
            }
            return parameters.stream().filter(parameter -> !allFinite(model, List.of(parameter.tensor())))
                    .map(Parameter::name).findFirst();
        }
    }

    private static boolean allFinite(Model model, List<Tensor> tensors) {
        try (Tensor flag = Tensor.zeros(model.device(), DataType.INT32, Shape.of(1))) {
            model.device().backend().allFinite(tensors.stream().map(Tensor::view).toList(), flag.view());
            return flag.item() == 1;
        }
    }

    private static Optional<String> brokenLayer(Model model, HostBatch batch) {
        String[] found = new String[1];
        try (Scope _ = Scope.open()) {
            model.network().listen((module, input, output) -> {
                if (found[0] == null && !allFinite(model, List.of(output))) {
                    found[0] = module.path() + " (" + module + ")";
                }
            });
            model.forward(model.prepare(batch));
        } finally {
            model.network().listen(null);
        }
        return Optional.ofNullable(found[0]);
    }

    /** How large a batch would fit, from what a step of a very small one takes. */
    static String ofMemory(Model model, HostBatch batch, Loss loss, DeviceMemoryException cause) {
        MemoryPool pool = model.device().pool();
        // refused by the device before the limit was reached: then what was had is all that can be had
        long available = cause.getCause() == null
                ? pool.limit()
                : pool.statistics().inUse() + pool.statistics().pooled();
        pool.trim();
        pool.resetPeak();
        long base = pool.statistics().inUse();
        String advice;
        try {
            trial(model, loss);
            long perImage = Math.max(1, (pool.statistics().peak() - base) / TRIAL_BATCH);
            long fits = (available - base) / perImage;
            advice = fits >= 1 && fits < batch.size()
                    ? "a batch size of " + fits + " should fit: use --batch-size " + fits
                    : "use a smaller model or smaller images";
        } catch (DeviceMemoryException e) {
            advice = "not even a batch of " + TRIAL_BATCH + " fits: use a smaller model or smaller images";
        }
        return "the batch of " + batch.size() + " does not fit into the device's memory (" + cause.getMessage() + "); "
                + advice;
    }

    private static void trial(Model model, Loss loss) {
        Model.Input input = model.input();
        int bytes = input.height() * input.width() * input.channels() * TRIAL_BATCH;
        HostBatch small = new HostBatch(TRIAL_BATCH, input.height(), input.width(), input.channels(),
                MemorySegment.ofArray(new byte[bytes]), new int[3 * TRIAL_BATCH], new long[TRIAL_BATCH]);
        try (Tape tape = model.device().record()) {
            tape.backward(loss.of(model.forward(model.prepare(small)), model.labels(small)));
        }
    }
}
