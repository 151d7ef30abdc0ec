package dev.halcyon.nn;

import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.Shape;
import java.util.Arrays;

/**
 * How a parameter starts. Values are drawn on the host, so that they are the same bits on every device.
 *
 * <p>For weights [.., in, out] the fan-in is the product of all extents but the last (terms per output), the fan-out
 * the product of all but the one before the last.
 */
@FunctionalInterface
public interface Initializer {
    /** All zeros: biases, and the shift of norms. */
    Initializer ZEROS = (shape, random) -> new float[Math.toIntExact(shape.elements())];

    /** All ones: the scale of norms. */
    Initializer ONES = constant(1);

    /**
     * The first values of a parameter, in row-major order.
     *
     * @param shape the parameter's shape
     * @param random draws that belong to this parameter alone
     */
    float[] values(Shape shape, RandomStream random);

    /** Every value the same. */
    static Initializer constant(float value) {
        return (shape, random) -> {
            float[] values = ZEROS.values(shape, random);
            Arrays.fill(values, value);
            return values;
        };
    }

    /** Normal with deviation sqrt(2 / fan-out), which keeps the size of gradients through ReLUs (He et al. 2015). */
    static Initializer heNormalFanOut() {
        return (shape, random) -> normal(shape, random, Math.sqrt(2.0 / fanOut(shape)));
    }

    /** Normal with deviation sqrt(2 / fan-in), which keeps the size of activations through ReLUs (He et al. 2015). */
    static Initializer heNormal() {
        return (shape, random) -> normal(shape, random, Math.sqrt(2.0 / fanIn(shape)));
    }

    /** Uniform in ±1 / sqrt(fan-in): what PyTorch's linear and convolution layers start with. */
    static Initializer uniformFanIn() {
        return (shape, random) -> uniform(shape, random, 1 / Math.sqrt(fanIn(shape)));
    }

    /** Uniform in ±1 / sqrt(terms): for biases, whose own shape does not tell the fan-in. */
    static Initializer uniform(double terms) {
        return (shape, random) -> uniform(shape, random, 1 / Math.sqrt(terms));
    }

    /** Uniform in ±sqrt(6 / (fan-in + fan-out)) (Glorot and Bengio 2010). */
    static Initializer glorotUniform() {
        return (shape, random) -> uniform(shape, random, Math.sqrt(6.0 / (fanIn(shape) + fanOut(shape))));
    }

    /** Normal with the given deviation, redrawn outside two deviations. */
    static Initializer truncatedNormal(double deviation) {
        return (shape, random) -> {
            float[] values = new float[Math.toIntExact(shape.elements())];
            for (int i = 0; i < values.length; i++) {
                double draw = random.nextGaussian();
                while (Math.abs(draw) > 2) {
                    draw = random.nextGaussian();
                }
                values[i] = (float) (deviation * draw);
            }
            return values;
        };
    }

    /**
     * For convolution weights [kh, kw, cin, cout]: output channel i copies input channel i, as far as there are both
     * (Zagoruyko and Komodakis 2017).
     */
    static Initializer dirac() {
        return (shape, random) -> {
            float[] values = ZEROS.values(shape, random);
            int in = Math.toIntExact(shape.extent(2));
            int out = Math.toIntExact(shape.extent(3));
            long centre = shape.extent(0) / 2 * shape.extent(1) + shape.extent(1) / 2;
            for (int channel = 0; channel < Math.min(in, out); channel++) {
                values[Math.toIntExact((centre * in + channel) * out + channel)] = 1;
            }
            return values;
        };
    }

    private static float[] normal(Shape shape, RandomStream random, double deviation) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    private static float[] uniform(Shape shape, RandomStream random, double bound) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2.0 * random.nextFloat() - 1));
        }
        return values;
    }

    private static double fanIn(Shape shape) {
        return shape.rank() == 1 ? shape.elements() : shape.product(0, shape.rank() - 1);
    }

    private static double fanOut(Shape shape) {
        return shape.rank() == 1 ? shape.elements() : (double) shape.elements() / shape.extent(-2);
    }
}
