package dev.halcyon.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * A region of code that owns the tensors made inside it, on this thread, and gives their memory back at its closing
 * brace:
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *     Tensor logits = model.forward(images);
 *     return scope.keep(Softmax.softmax(logits));   // everything else goes back here
 * }
 * }</pre>
 *
 * <p>Scopes nest; a tensor belongs to the innermost one. Without a scope, tensors live until they are closed or nobody
 * can reach them.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Scope> INNERMOST = new ThreadLocal<>();

    private final Scope outer;
    private final Thread owner = Thread.currentThread();
    private final List<Tensor> tensors = new ArrayList<>();
    private boolean open = true;

    private Scope(Scope outer) {
        this.outer = outer;
    }

    /** Opens a scope inside the innermost open one of this thread. */
    public static Scope open() {
        Scope scope = new Scope(INNERMOST.get());
        INNERMOST.set(scope);
        return scope;
    }

    /** Runs {@code body} as if no scope were open: what it makes belongs to nobody. */
    static void outsideAll(Runnable body) {
        Scope saved = INNERMOST.get();
        INNERMOST.remove();
        try {
            body.run();
        } finally {
            if (saved != null) {
                INNERMOST.set(saved);
            }
        }
    }

    /** Gives a new tensor to the innermost scope, or puts it on the safety net where there is none. */
    static void adopt(Tensor tensor) {
        Scope scope = INNERMOST.get();
        if (scope == null) {
            tensor.watch();
        } else {
            scope.tensors.add(tensor);
        }
    }

    /**
     * Lets a tensor outlive this scope: it goes to the enclosing scope, or to nobody if this is the outermost.
     *
     * @return the tensor
     * @throws IllegalArgumentException if this scope does not own it
     */
    public Tensor keep(Tensor tensor) {
        for (int i = tensors.size() - 1; i >= 0; i--) {
            if (tensors.get(i) == tensor) {
                tensors.remove(i);
                if (outer == null) {
                    tensor.watch();
                } else {
                    outer.tensors.add(tensor);
                }
                return tensor;
            }
        }
        throw new IllegalArgumentException("keep: expected a tensor made in this scope, found " + tensor);
    }

    /**
     * Releases what this scope still owns.
     *
     * @throws IllegalStateException if an inner scope is still open, or another thread opened this one
     */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        if (Thread.currentThread() != owner || INNERMOST.get() != this) {
            throw new IllegalStateException("scope closed out of order: expected the innermost open scope of thread "
                    + owner.getName() + "; open scopes with try-with-resources");
        }
        open = false;
        if (outer == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(outer);
        }
        Release place = Release.here("the end of its scope");
        for (Tensor tensor : tensors) {
            tensor.release(place);
        }
        tensors.clear();
    }
}
