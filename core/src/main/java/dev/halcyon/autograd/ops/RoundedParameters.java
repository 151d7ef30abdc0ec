package dev.halcyon.autograd.ops;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies of parameters in the type of the data that they are going to be multiplied with, all made in one call of their
 * device. While this is open, the products of this thread take theirs from here, each once.
 */
public final class RoundedParameters implements AutoCloseable {
    private static final ThreadLocal<RoundedParameters> CURRENT = new ThreadLocal<>();

    private final RoundedParameters outer = CURRENT.get();
    private final Map<Tensor, Tensor> copies = new IdentityHashMap<>();

    private RoundedParameters() {
    }

    /** Copies of those that are not of a type already; all are on one device. */
    public static RoundedParameters of(List<Tensor> parameters, DataType type) {
        RoundedParameters rounded = new RoundedParameters();
        List<Tensor> others = parameters.stream().filter(parameter -> parameter.type() != type).toList();
        if (!others.isEmpty()) {
            others.forEach(other -> rounded.copies.put(other, Tensor.empty(other.device(), type, other.shape())));
            others.getFirst().device().backend().castAll(others.stream().map(Tensor::view).toList(),
                    others.stream().map(other -> rounded.copies.get(other).view()).toList());
        }
        CURRENT.set(rounded);
        return rounded;
    }

    /** A parameter's copy, which the caller has to close; null if there is none, or it was taken. */
    static Tensor take(Tensor parameter) {
        RoundedParameters current = CURRENT.get();
        return current == null ? null : current.copies.remove(parameter);
    }

    /** Releases what nobody took. */
    @Override
    public void close() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
        copies.values().forEach(Tensor::close);
    }
}
