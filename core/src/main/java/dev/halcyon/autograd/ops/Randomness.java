package dev.halcyon.autograd.ops;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Backend;
import dev.halcyon.device.Device;
import dev.halcyon.device.Random;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.List;

/** Random numbers on the device, a function of (seed, stream, offset) alone. */
public final class Randomness {
    private Randomness() {
    }

    /** A tensor of draws; not differentiable. */
    public static Tensor random(Device device, Random d, DataType type, Shape shape) {
        Tensor y = Tensor.empty(device, type, shape);
        device.backend().random(d, y.view());
        return y;
    }

    /**
     * Dropout: each element is kept with {@code keep}'s probability and divided by it, or zeroed (Srivastava et al.
     * 2014). The mask is drawn again for the gradient rather than stored.
     *
     * @param keep a Bernoulli descriptor with probability in (0, 1]
     */
    public static Tensor dropout(Random keep, Tensor x) {
        if (keep.distribution() != Random.Distribution.BERNOULLI || keep.probability() == 0) {
            throw new IllegalArgumentException(
                    "dropout: expected Bernoulli draws that keep with a probability in (0, 1], found " + keep);
        }
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), x.shape());
        backend.dropout(keep, x.view(), y.view());
        return Tape.record("dropout", y, List.of(x), List.of(),
                (dy, gradients) -> gradients.writeOver(x, dx -> backend.dropout(keep, dy, dx)));
    }
}
