package dev.halcyon.autograd;

import dev.halcyon.device.Backend;
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
    /** The gradient that an operation is turning into others now, if its memory may go on to one of them; or null. */
    private Tensor spare;

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

    /** An operation that sends a gradient, and can add it to what is there. */
    @FunctionalInterface
    public interface Adding {
        /**
         * Computes the gradient.
         *
         * @param dx what to write, or to add to
         * @param accumulate whether to add
         */
        void apply(View dx, boolean accumulate);
    }

    /**
     * Sends a gradient to {@code x} from an operation that writes its result, or adds it to what others have sent.
     *
     * @param operation called once with a view of x's shape, or not at all if nobody wants it
     */
    public void writeOrAdd(Tensor x, Adding operation) {
        if (!wanted(x)) {
            return;
        }
        Tensor there = x.tracksGradient() ? x.gradient() : collected.get(x);
        if (there != null) {
            operation.apply(there.view(), true);
            return;
        }
        Tensor fresh = Tensor.empty(x.device(), x.type(), x.shape());
        // at once, since the operation may send x another gradient while it has this one
        collected.put(x, fresh);
        operation.apply(fresh.view(), false);
    }

    /**
     * Sends a gradient to {@code x} from an operation that only writes its result.
     *
     * @param operation called once with a view of x's shape to write, or not at all if nobody wants it
     */
    public void write(Tensor x, Consumer<View> operation) {
        writeOrAdd(x, (dx, accumulate) -> {
            if (!accumulate) {
                operation.accept(dx);
                return;
            }
            try (Tensor term = Tensor.empty(x.device(), x.type(), x.shape())) {
                operation.accept(term.view());
                x.device().backend().scaleAdd(1, term.view(), 1, dx);
            }
        });
    }

    /**
     * Sends a gradient to {@code x} from an operation that may write it over that of its output, as one that goes element
     * by element may: the memory of that goes on to {@code x} then, unless it is kept or others have sent {@code x}
     * something. Always called.
     *
     * @param operation called once with a view of x's shape to write, which may be that of the output's gradient: it is
     *        not read after this
     */
    public void writeOver(Tensor x, Consumer<View> operation) {
        boolean free = wanted(x) && !x.tracksGradient() && !collected.containsKey(x);
        if (free && spare != null && spare.shape().equals(x.shape()) && spare.type() == x.type()) {
            Tensor dx = spare;
            spare = null;
            collected.put(x, dx);
            operation.accept(dx.view());
        } else {
            writeAnyway(x, operation);
        }
    }

    /**
     * Sends a gradient to {@code x} from an operation that only adds its result to what is there.
     *
     * @param operation called once with a view of x's shape to add to, or not at all if nobody wants it
     */
    public void add(Tensor x, Consumer<View> operation) {
        writeOrAdd(x, (dx, accumulate) -> {
            if (!accumulate) {
                x.device().backend().fill(dx, 0);
            }
            operation.accept(dx);
        });
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
        Backend backend = x.device().backend();
        View shaped = gradient.as(x.shape());
        writeOrAdd(x, (dx, accumulate) -> {
            if (accumulate) {
                backend.scaleAdd(1, shaped, 1, dx);
            } else {
                backend.copy(shaped, dx);
            }
        });
    }

    /**
     * The gradient of an operation's output, complete once every reader has been walked; null if there is none.
     *
     * @param kept whether it stays readable; otherwise it ends with {@link #giveBack}
     */
    Tensor take(Tensor output, boolean kept) {
        Tensor gradient = collected.remove(output);
        spare = kept ? null : gradient;
        return gradient;
    }

    /** Releases what was taken last, unless it is kept or has gone on to an input. */
    void giveBack() {
        if (spare != null) {
            release(spare);
            spare = null;
        }
    }

    void seed(Tensor loss) {
        collected.put(loss, Tensor.full(loss.device(), loss.type(), loss.shape(), 1));
    }

    void release(Tensor tensor) {
        tensor.release(release);
    }
}
