package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Convolutions;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;

/** A convolution layer over images [n, h, w, cin]. */
public final class Convolution extends Module {
    private final Conv2d geometry;
    private final Parameter weight;
    private final Parameter bias;

    /** A convolution without bias, as goes before a batch norm, with He's initialisation. */
    public Convolution(int in, int out, int kernel, Conv2d geometry) {
        this(in, out, kernel, geometry, false, Initializer.heNormalFanOut());
    }

    /** A convolution with bias, initialised as PyTorch does it. */
    public static Convolution withBias(int in, int out, int kernel, Conv2d geometry) {
        return new Convolution(in, out, kernel, geometry, true, Initializer.uniformFanIn());
    }

    /**
     * A convolution.
     *
     * @param in input channels
     * @param out output channels
     * @param kernel rows and columns of the kernel
     * @param geometry stride, padding, dilation, groups
     * @param withBias whether it has a bias
     * @param initializer of the weights
     */
    public Convolution(int in, int out, int kernel, Conv2d geometry, boolean withBias, Initializer initializer) {
        if (in % geometry.groups() != 0 || out % geometry.groups() != 0) {
            throw new IllegalArgumentException("convolution: expected channels divisible by " + geometry.groups()
                    + " groups, found " + in + " and " + out);
        }
        long inPerGroup = in / geometry.groups();
        this.geometry = geometry;
        weight = parameter("weight", Parameter.Role.WEIGHT, Shape.of(kernel, kernel, inPerGroup, out), initializer);
        bias = withBias
                ? parameter("bias", Parameter.Role.BIAS, Shape.of(out),
                        Initializer.uniform((double) inPerGroup * kernel * kernel))
                : null;
    }

    /** This convolution with a batch norm behind it, and an activation. */
    public Sequential normalized(Unary activation) {
        return new Sequential(this, new BatchNorm2d(Math.toIntExact(weight.shape().extent(3)), activation));
    }

    /** Stride, padding, dilation and groups. */
    public Conv2d geometry() {
        return geometry;
    }

    /** Its weights [kh, kw, cin / groups, cout]. */
    public Parameter weight() {
        return weight;
    }

    boolean hasBias() {
        return bias != null;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Convolutions.conv2d(geometry, x, weight.tensor(), bias == null ? null : bias.tensor());
    }

    @Override
    public String toString() {
        Shape shape = weight.shape();
        return "Convolution " + shape.extent(0) + "x" + shape.extent(1) + ", "
                + shape.extent(2) * geometry.groups() + " → " + shape.extent(3);
    }
}
