package dev.halcyon.cli;

import dev.halcyon.device.Device;
import dev.halcyon.nn.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The model that is trained, on the first device of a run, and its copies on the others. */
final class TrainingModels implements AutoCloseable {
    private final List<Model> models = new ArrayList<>();
    private final Deque<Runnable> opened = new ArrayDeque<>();

    /** Makes a model on a device. */
    @FunctionalInterface
    interface Maker {
        /** A model whose random numbers depend on a seed. */
        Model make(Device device, long seed);
    }

    /**
     * Opens the devices and makes the models.
     *
     * @param seed of the first model; copies get others, so that they drop out other features of other images
     */
    TrainingModels(CommonOptions common, long seed, Maker maker) {
        try {
            for (String name : common.devices()) {
                Device device = common.open(name);
                opened.push(device::close);
                Model model = maker.make(device, seed + models.size());
                opened.push(model::close);
                models.add(model);
            }
        } catch (RuntimeException e) {
            try (this) {
                throw e;
            }
        }
    }

    Model first() {
        return models.getFirst();
    }

    List<Model> copies() {
        return models.subList(1, models.size());
    }

    /** The devices as people are told of them. */
    String where() {
        return String.join(" and ", models.stream()
                .map(model -> model.device() + ": " + model.device().backend().description()).toList());
    }

    /** Closes all of them, even if closing one fails, as that of a lost device does. */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
