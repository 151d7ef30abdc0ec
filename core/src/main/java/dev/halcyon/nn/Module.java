package dev.halcyon.nn;

import dev.halcyon.device.Device;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A part of a network: it has parameters and parts of its own, and turns a tensor into another.
 *
 * <p>A constructor only describes: it names parts with {@link #child} and parameters with {@link #parameter}, with
 * PyTorch's names, so that weights interchange. {@link #initialize}, called once on the whole network, gives the
 * parameters memory and values. A parameter's first value depends on the seed and its name alone.
 */
public abstract class Module implements AutoCloseable {
    private final Map<String, Module> children = new LinkedHashMap<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private String path = "";
    private boolean training = true;
    private ForwardListener listener;

    /** Is told what modules compute. */
    @FunctionalInterface
    public interface ForwardListener {
        /** Called after {@code module} turned {@code input} into {@code output}; parts come before the whole. */
        void computed(Module module, Tensor input, Tensor output);
    }

    /** Only describes; see {@link #initialize}. */
    protected Module() {
    }

    /**
     * Adds a part.
     *
     * @return the part
     */
    protected final <M extends Module> M child(String name, M module) {
        if (children.putIfAbsent(name, module) != null) {
            throw new IllegalArgumentException("module: there are two parts named " + name);
        }
        return module;
    }

    /** Adds a parameter. */
    protected final Parameter parameter(String name, Parameter.Role role, Shape shape, Initializer initializer) {
        Parameter parameter = new Parameter(name, role, shape, initializer);
        if (parameters.putIfAbsent(name, parameter) != null) {
            throw new IllegalArgumentException("module: there are two parameters named " + name);
        }
        return parameter;
    }

    /** What this part computes; callers use {@link #forward}. */
    protected abstract Tensor compute(Tensor x);

    /** Applies this part to a tensor. */
    public final Tensor forward(Tensor x) {
        Tensor y = compute(x);
        if (listener != null) {
            listener.computed(this, x, y);
        }
        return y;
    }

    /** Gives every parameter float32 memory on a device, and its first value. Called on the outermost module. */
    public final void initialize(Device device, long seed) {
        initialize(device, DataType.FLOAT32, seed);
    }

    /** The same in another floating-point type: float64 for gradient checks. */
    public final void initialize(Device device, DataType type, long seed) {
        settle("", seed, (parameter, name) -> parameter.initialize(name, device, type, seed));
    }

    /**
     * Gives every parameter float32 memory on a device with undefined contents, where {@link #initialize} would draw
     * values in vain: before weights are loaded, and on a device of {@linkplain Device#shapes shapes}.
     */
    public final void allocate(Device device) {
        settle("", 0, (parameter, name) -> parameter.allocate(name, device));
    }

    private void settle(String prefix, long seed, BiConsumer<Parameter, String> start) {
        path = prefix;
        String before = prefix.isEmpty() ? "" : prefix + ".";
        parameters.forEach((name, parameter) -> start.accept(parameter, before + name));
        children.forEach((name, module) -> module.settle(before + name, seed, start));
        seeded(seed);
    }

    /** Tells modules that draw numbers which seed to draw with. */
    void seeded(long seed) {
    }

    /** Where this module is in the whole network: {@code layer1.0.conv1}; empty for the outermost. */
    public final String path() {
        return path;
    }

    /** All parameters of this module and its parts, in the order they were described. */
    public final List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(parameters.values());
        children.values().forEach(module -> all.addAll(module.parameters()));
        return all;
    }

    /** This module and all its parts, the whole before its parts. */
    public final List<Module> modules() {
        List<Module> all = new ArrayList<>(List.of(this));
        children.values().forEach(module -> all.addAll(module.modules()));
        return all;
    }

    /** Number of learned values. */
    public final long parameterCount() {
        return parameters().stream().filter(Parameter::isLearned).mapToLong(p -> p.shape().elements()).sum();
    }

    /**
     * Switches between training (batch norm by the batch's statistics, dropout on) and inference.
     *
     * @return this
     */
    public final Module training(boolean on) {
        training = on;
        children.values().forEach(module -> module.training(on));
        return this;
    }

    /** Whether this module is set for training, as it is at first. */
    public final boolean isTraining() {
        return training;
    }

    /** Tells {@code listener}, or nobody if null, of everything this module and its parts compute from now on. */
    public final void listen(ForwardListener newListener) {
        listener = newListener;
        children.values().forEach(module -> module.listen(newListener));
    }

    /** Whether somebody is told of everything that this module computes. */
    final boolean isObserved() {
        return listener != null;
    }

    /** Releases all parameters. */
    @Override
    public final void close() {
        parameters().forEach(Parameter::close);
    }

    /** The kind of layer: {@code Conv2d}. */
    @Override
    public String toString() {
        return getClass().getSimpleName();
    }
}
