package dev.halcyon.it.cases;

import dev.halcyon.device.Backend;
import dev.halcyon.device.View;
import java.util.List;

/**
 * One call of one method of {@link Backend}.
 *
 * @param method the method's name
 * @param label what is special about this call
 * @param arguments the views it gets
 * @param tolerance how far from the reference its outputs may be
 * @param call makes the call with views of the arguments, in their order
 */
public record KernelCase(String method, String label, List<Argument> arguments, Tolerance tolerance, Call call)
        implements OpCase {
    /** The call itself. */
    @FunctionalInterface
    public interface Call {
        /** Calls the backend with views of the case's arguments. */
        void run(Backend backend, View[] views);
    }

    /** A row with the normal tolerance. */
    public static KernelCase of(String method, String label, Call call, Argument... arguments) {
        return new KernelCase(method, label, List.of(arguments), Tolerance.NORMAL, call);
    }

    /** This row with outputs that are sums of {@code terms} terms. */
    public KernelCase sumOf(long terms) {
        return within(Tolerance.sumOf(terms));
    }

    /** This row with another tolerance. */
    public KernelCase within(Tolerance other) {
        return new KernelCase(method, label, arguments, other, call);
    }

    @Override
    public String name() {
        return method + " " + label;
    }

    @Override
    public String toString() {
        return name();
    }
}
