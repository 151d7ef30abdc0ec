package dev.halcyon.nn;

import dev.halcyon.device.Device;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;

/** A named tensor that a module keeps: something it learns, or statistics that it gathers. */
public final class Parameter {
    /** What a parameter is for; optimisers treat kinds differently. */
    public enum Role {
        /** Weights of a linear layer or convolution. */
        WEIGHT,
        /** A bias added to outputs. */
        BIAS,
        /** Scale or shift of a normalisation. */
        NORM,
        /** Gathered in training, not learned: running mean and variance. */
        STATISTIC
    }

    private final Role role;
    private final Shape shape;
    private final Initializer initializer;
    private String name;
    private Tensor tensor;

    Parameter(String name, Role role, Shape shape, Initializer initializer) {
        this.name = name;
        this.role = role;
        this.shape = shape;
        this.initializer = initializer;
    }

    /** Its path in the module that was initialised, PyTorch's way: {@code layer1.0.conv1.weight}. */
    public String name() {
        return name;
    }

    /** What it is for. */
    public Role role() {
        return role;
    }

    /** Its shape in memory: [kh, kw, cin / groups, cout] for convolutions, [in, out] for linear layers. */
    public Shape shape() {
        return shape;
    }

    /** Whether optimisers change it. */
    public boolean isLearned() {
        return role != Role.STATISTIC;
    }

    /**
     * Its value.
     *
     * @throws IllegalStateException before {@link Module#initialize}
     */
    public Tensor tensor() {
        if (tensor == null) {
            throw new IllegalStateException(
                    "parameter " + name + " has no value yet; call initialize(device, seed) on the whole network");
        }
        return tensor;
    }

    void initialize(String path, Device device, DataType type, long seed) {
        float[] values = initializer.values(shape, RandomStream.of(seed, RandomStream.stream("init/" + path)));
        if (type == DataType.FLOAT64) {
            double[] wide = new double[values.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = values[i];
            }
            settle(path, Tensor.of(device, shape, wide));
        } else {
            settle(path, Tensor.of(device, shape, values));
        }
    }

    void allocate(String path, Device device) {
        settle(path, Tensor.empty(device, DataType.FLOAT32, shape));
    }

    private void settle(String path, Tensor value) {
        close();
        name = path;
        tensor = value;
        if (isLearned()) {
            tensor.trackGradient();
        }
    }

    void close() {
        if (tensor != null) {
            tensor.close();
        }
    }

    @Override
    public String toString() {
        return name + " " + shape;
    }
}
