package dev.halcyon.report;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.device.Device;
import dev.halcyon.device.OperationListener;
import dev.halcyon.io.AtomicFile;
import dev.halcyon.tensor.Shape;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Every operation of some training steps as a file for chrome://tracing and Perfetto (Chrome's trace event format, an
 * array of complete events).
 */
public final class OperationTrace implements TrainingListener, OperationListener, AutoCloseable {
    /** Steps before the traced ones, in which the JIT compiler is still at work. */
    public static final int STEPS_BEFORE = 20;

    /** Steps that are traced. */
    public static final int STEPS = 10;

    private final Path file;
    private final Device device;
    private final List<Operation> operations = new ArrayList<>();
    private int steps;
    private boolean written;

    /**
     * A trace of training on a device.
     *
     * @param file to write, when the steps are over or at {@link #close}, whichever comes first
     */
    public OperationTrace(Path file, Device device) {
        this.file = file;
        this.device = device;
    }

    /** It begins and ends between steps. */
    @Override
    public boolean wantsEveryStep() {
        return true;
    }

    @Override
    public void step(StepResult result) {
        steps++;
        if (steps == STEPS_BEFORE) {
            device.observe(this);
        } else if (steps == STEPS_BEFORE + STEPS) {
            close();
        }
    }

    @Override
    public void ran(Operation operation) {
        operations.add(operation);
    }

    /**
     * Writes what there is.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    @Override
    public void close() {
        if (written) {
            return;
        }
        written = true;
        device.observe(null);
        JsonArray events = new JsonArray();
        long origin = operations.isEmpty() ? 0 : operations.getFirst().start();
        operations.forEach(operation -> events.add(event(operation, origin)));
        operations.clear();
        try {
            AtomicFile.writeText(file, new Gson().toJson(events) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("the profile " + file + " cannot be written", e);
        }
    }

    private static JsonObject event(Operation operation, long origin) {
        JsonObject details = new JsonObject();
        details.addProperty("shapes",
                operation.shapes().stream().map(Shape::toString).collect(Collectors.joining(" ")));
        details.addProperty("gflops_per_s", operation.gflopsPerSecond());
        details.addProperty("gbytes_per_s", operation.gbytesPerSecond());
        JsonObject event = new JsonObject();
        event.addProperty("name", operation.name());
        event.addProperty("ph", "X");
        event.addProperty("ts", (operation.start() - origin) / 1e3);
        event.addProperty("dur", operation.nanoseconds() / 1e3);
        event.addProperty("pid", 1);
        event.addProperty("tid", 1);
        event.add("args", details);
        return event;
    }
}
