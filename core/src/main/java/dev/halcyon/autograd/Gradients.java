package dev.halcyon.autograd;

import dev.halcyon.device.View;
import dev.halcyon.tensor.Release;
import dev.halcyon.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The gradients collected while a tape is walked backwards. A tensor that several operations read gets the sum of what
 * each of them sends back.
 */
public final class Gradients {
    private final Set<Tensor> passed;
    private final boolean forAllTracked;
    private final Release release;
    private final Map<Tensor, Tensor> collected = new IdentityHashMap<>();

    /**
     * None yet.
     *
     * @param passed tensors to collect gradients for
     * @param forAllTracked whether to collect those of all tensors that track theirs, too
     */
    Gradients(Set<Tensor> passed, boolean forAllTracked, Release release) {
        this.passed = passed;
        this.forAllTracked = forAllTracked;
        this.release = release;
    }

    /** Whether anybody needs the gradient of {@code x}; if not, computing it is wasted. */
    public boolean wanted(Tensor x) {
        return forAllTracked && x.tracksGradient() || passed.contains(x);
    }

    /**
     * Sends a gradient to {@code x} from an operation that writes its result.
     *
     * @param operation called once with a view of x's shape to write, or not at all if nobody wants it
     */
    public void write(Tensor x, Consumer<View> operation) {
        if (!wanted(x)) {
            return;
        }
        if (!x.tracksGradient() && !collected.containsKey(x)) {
            Tensor fresh = Tensor.empty(x.device(), x.type(), x.shape());
            operation.accept(fresh.view());
            collected.put(x, fresh);
            return;
        }
        try (Tensor term = Tensor.empty(x.device(), x.type(), x.shape())) {
            operation.accept(term.view());
            accumulate(x, term.view());
        }
    }

    /**
     * Sends a gradient to {@code x} from an operation that adds its result to what is there.
     *
     * @param operation called once with a view of x's shape to add to, or not at all if nobody wants it
     */
    public void add(Tensor x, Consumer<View> operation) {
        if (!wanted(x)) {
            return;
        }
        if (!x.tracksGradient() && !collected.containsKey(x)) {
            collected.put(x, Tensor.zeros(x.device(), x.type(), x.shape()));
        }
        operation.accept(target(x).view());
    }

    /** Like {@link #write}, for an operation that computes several gradients at once: always called. */
    public void writeAnyway(Tensor x, Consumer<View> operation) {
        if (wanted(x)) {
            write(x, operation);
        } else {
            discard(x, operation);
        }
    }

    /** Like {@link #add}, for an operation that computes several gradients at once: always called. */
    public void addAnyway(Tensor x, Consumer<View> operation) {
        if (wanted(x)) {
            add(x, operation);
        } else {
            discard(x, operation);
        }
    }

    private static void discard(Tensor x, Consumer<View> operation) {
        try (Tensor unwanted = Tensor.zeros(x.device(), x.type(), x.shape())) {
            operation.accept(unwanted.view());
        }
    }

    /** Sends a gradient that is already computed, of as many elements as {@code x} has. Copies it. */
    public void send(Tensor x, View gradient) {
        if (!wanted(x)) {
            return;
        }
        View shaped = gradient.as(x.shape());
        if (x.tracksGradient() || collected.containsKey(x)) {
            accumulate(x, shaped);
        } else {
            write(x, dx -> x.device().backend().copy(shaped, dx));
        }
    }

    /** The gradient of an operation's output, complete once every reader has been walked; null if there is none. */
    Tensor take(Tensor output) {
        return collected.remove(output);
    }

    void seed(Tensor loss) {
        collected.put(loss, Tensor.full(loss.device(), loss.type(), loss.shape(), 1));
    }

    void release(Tensor tensor) {
        tensor.release(release);
    }

    private void accumulate(Tensor x, View term) {
        x.device().backend().scaleAdd(1, term, 1, target(x).view());
    }

    private Tensor target(Tensor x) {
        return x.tracksGradient() ? x.gradient() : collected.get(x);
    }
}
