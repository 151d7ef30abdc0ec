package dev.halcyon.autograd;

import dev.halcyon.device.Device;
import dev.halcyon.tensor.Release;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Records operations as they run and walks them once in reverse, which is the chain rule: reverse-mode automatic
 * differentiation (Linnainmaa 1970). A tape is also a {@link Scope}: what was made while it was open goes back at its
 * closing brace.
 *
 * <pre>{@code
 * try (Tape tape = device.record()) {
 *     Tensor loss = Losses.crossEntropy(model.forward(images), labels);
 *     tape.backward(loss);
 *     optimizer.step();
 * }
 * }</pre>
 *
 * <p>Only operations that depend on a tensor with {@link Tensor#trackGradient} are recorded. During
 * {@link #backward} an activation's memory goes back as soon as its last reader has run, so activations cannot be read
 * afterwards unless they were {@linkplain #keep kept}; the loss can.
 */
public final class Tape implements AutoCloseable {
    private static final ThreadLocal<Tape> CURRENT = new ThreadLocal<>();

    /** One operation that ran. */
    private record Entry(String operation, Tensor output, List<Tensor> inputs, List<Tensor> saved,
            Backward backward) {
    }

    private final Device device;
    private final Tape outer;
    private final Scope scope;
    private final List<Entry> entries = new ArrayList<>();
    private final Set<Tensor> recorded = identitySet();
    private final Map<Tensor, Tensor> kept = new IdentityHashMap<>();
    private boolean walked;

    private Tape(Device device, Tape outer, Scope scope) {
        this.device = device;
        this.outer = outer;
        this.scope = scope;
    }

    private static Set<Tensor> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** Starts to record what this thread does on a device. Called as {@link Device#record}. */
    public static Tape on(Device device) {
        Tape tape = new Tape(device, CURRENT.get(), Scope.open());
        CURRENT.set(tape);
        return tape;
    }

    /** The innermost open tape of this thread. */
    public static Optional<Tape> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /**
     * Records an operation that has just run, if a tape is open and an input depends on a tracked tensor. For those who
     * write operations.
     *
     * @param operation its name, as messages give it
     * @param output what it computed
     * @param inputs what it computed that from
     * @param saved tensors made for the backward pass alone, released after it
     * @param backward its gradient
     * @return the output
     */
    public static Tensor record(String operation, Tensor output, List<Tensor> inputs, List<Tensor> saved,
            Backward backward) {
        Tape tape = CURRENT.get();
        if (tape != null && !tape.walked && inputs.stream().anyMatch(tape::depends)) {
            tape.entries.add(new Entry(operation, output, inputs, saved, backward));
            tape.recorded.add(output);
        } else {
            saved.forEach(Tensor::close);
        }
        return output;
    }

    private boolean depends(Tensor tensor) {
        return tensor.tracksGradient() || recorded.contains(tensor);
    }

    /**
     * Adds the gradient of {@code loss} to that of every tracked tensor it depends on.
     *
     * @param loss a recorded tensor of one element
     * @throws ShapeException if the loss has more than one element
     * @throws IllegalStateException if this tape has been walked, or the loss depends on nothing tracked
     */
    public void backward(Tensor loss) {
        check(loss);
        walk(loss, new Gradients(recorded, true, Release.here("backward()")));
    }

    /**
     * The gradient of {@code loss} for some tensors alone: nothing is added to that of others which track theirs, and
     * nothing is computed for them.
     *
     * @param loss a recorded tensor of one element
     * @param targets tensors that track their gradient, or recorded ones that were {@linkplain #keep kept}
     * @throws ShapeException if the loss has more than one element
     * @throws IllegalStateException if this tape has been walked, or the loss depends on none of the targets
     */
    public void backward(Tensor loss, Set<Tensor> targets) {
        check(loss);
        Set<Tensor> onTheWay = identitySet();
        onTheWay.addAll(targets);
        for (Entry entry : entries) {
            if (entry.inputs.stream().anyMatch(onTheWay::contains)) {
                onTheWay.add(entry.output);
            }
        }
        if (!onTheWay.contains(loss)) {
            throw new IllegalStateException("backward: the loss depends on none of the targets " + targets);
        }
        walk(loss, new Gradients(onTheWay, false, Release.here("backward()")));
    }

    private void check(Tensor loss) {
        if (walked) {
            throw new IllegalStateException("backward: this tape has been walked; record anew for another pass");
        }
        if (loss.shape().elements() != 1) {
            throw new ShapeException("backward", "a loss of one element (take its mean or sum)", loss.shape());
        }
        if (!recorded.contains(loss)) {
            throw new IllegalStateException("backward: the loss depends on no tensor that tracks its gradient; was it"
                    + " computed while this tape was open?");
        }
    }

    private void walk(Tensor loss, Gradients gradients) {
        walked = true;
        gradients.seed(loss);
        for (Entry entry : entries.reversed()) {
            walk(entry, gradients, loss);
        }
        entries.clear();
    }

    private void walk(Entry entry, Gradients gradients, Tensor loss) {
        boolean keeps = kept.containsKey(entry.output);
        Tensor dy = gradients.take(entry.output, keeps);
        if (dy != null) {
            if (entry.inputs.stream().anyMatch(gradients::wanted)) {
                entry.backward.apply(dy.view(), gradients);
            }
            if (keeps) {
                kept.put(entry.output, dy);
            }
            gradients.giveBack();
        }
        entry.saved.forEach(gradients::release);
        if (entry.output != loss && !keeps) {
            gradients.release(entry.output);
        }
    }

    /**
     * Keeps a recorded tensor and its gradient readable until this tape is closed.
     *
     * @return the tensor
     */
    public Tensor keep(Tensor tensor) {
        kept.putIfAbsent(tensor, null);
        return tensor;
    }

    /**
     * The gradient of the loss with respect to a {@linkplain #keep kept} tensor.
     *
     * @throws IllegalStateException if it was not kept, or the loss does not depend on it
     */
    public Tensor gradient(Tensor tensor) {
        Tensor gradient = kept.get(tensor);
        if (gradient == null) {
            throw new IllegalStateException("gradient: expected a tensor that was kept before backward() and that the"
                    + " loss depends on, found " + tensor);
        }
        return gradient;
    }

    /** What was recorded so far, in order: the operation's name and its output. Empty after {@link #backward}. */
    public List<Map.Entry<String, Tensor>> operations() {
        return entries.stream().map(entry -> Map.entry(entry.operation, entry.output)).toList();
    }

    /** The scope of this tape: use it to keep a tensor beyond the closing brace. */
    public Scope scope() {
        return scope;
    }

    /** Stops recording and releases everything made since {@link Device#record}. */
    @Override
    public void close() {
        if (CURRENT.get() == this) {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
        scope.close();
    }

    @Override
    public String toString() {
        return "tape of " + entries.size() + " operations on " + device;
    }
}
