package dev.halcyon.train;

import dev.halcyon.device.Device;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps the losses of steps on the device until they are read, several at once: reading waits for the device. */
final class StepLosses implements AutoCloseable {
    private final Tensor losses;
    private final List<StepResult> pending = new ArrayList<>();

    /** @param most steps that are kept */
    StepLosses(Device device, int most) {
        losses = Tensor.zeros(device, DataType.FLOAT32, Shape.of(most));
    }

    /** Queues a copy of the next step's loss. */
    void keep(Tensor loss) {
        losses.device().backend().copy(loss.view().as(Shape.SCALAR), losses.view().row(pending.size()));
    }

    /** Notes that the step whose loss was kept has been queued. */
    void queued(StepResult step) {
        pending.add(step);
    }

    /** Whether there is no room for another step's. */
    boolean isFull() {
        return pending.size() == losses.shape().elements();
    }

    /** Waits for the steps that are queued, and hands each on with its loss. */
    void read(Consumer<StepResult> reader) {
        if (!pending.isEmpty()) {
            float[] values = losses.toFloats();
            List<StepResult> steps = List.copyOf(pending);
            pending.clear();
            for (int i = 0; i < steps.size(); i++) {
                reader.accept(steps.get(i).withLoss(values[i]));
            }
        }
    }

    @Override
    public void close() {
        losses.close();
    }
}
