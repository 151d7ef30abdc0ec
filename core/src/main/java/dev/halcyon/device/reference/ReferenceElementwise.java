package dev.halcyon.device.reference;

import dev.halcyon.device.Binary;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.device.Random;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.random.Philox;
import dev.halcyon.tensor.Shape;
import java.util.Arrays;

/** What element-wise operations, reductions and random numbers mean. */
final class ReferenceElementwise {
    private static final double GELU_SCALE = Math.sqrt(2 / Math.PI);
    private static final double GELU_CUBE = 0.044715;

    private ReferenceElementwise() {
    }

    static double value(Unary op, double x) {
        return switch (op) {
            case IDENTITY -> x;
            case RELU -> Math.max(x, 0);
            case RELU6 -> Math.min(Math.max(x, 0), 6);
            case GELU -> x * geluGate(x);
            case SILU -> x * sigmoid(x);
            case SIGMOID -> sigmoid(x);
            case TANH -> Math.tanh(x);
            case HARD_SWISH -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
            case HARD_SIGMOID -> Math.min(Math.max(x + 3, 0), 6) / 6;
            case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case ABS -> Math.abs(x);
            case NEGATE -> -x;
        };
    }

    /** The derivative, from x or y as {@link Unary#saved} says. */
    static double derivative(Unary op, double s) {
        return switch (op) {
            case IDENTITY -> 1;
            case RELU -> s > 0 ? 1 : 0;
            case RELU6 -> s > 0 && s < 6 ? 1 : 0;
            case GELU -> geluDerivative(s);
            case SILU -> sigmoid(s) * (1 + s * (1 - sigmoid(s)));
            case SIGMOID -> s * (1 - s);
            case TANH -> 1 - s * s;
            case HARD_SWISH -> s <= -3 ? 0 : s >= 3 ? 1 : (2 * s + 3) / 6;
            case HARD_SIGMOID -> s > 0 && s < 1 ? 1.0 / 6 : 0;
            case SOFTPLUS -> sigmoid(s);
            case EXP -> s;
            case LOG -> 1 / s;
            case SQRT -> 1 / (2 * s);
            case SQUARE -> 2 * s;
            case RECIPROCAL -> -s * s;
            case ABS -> Math.signum(s);
            case NEGATE -> -1;
        };
    }

    /** (1 + tanh(u)) / 2 as sigmoid(2 u), which keeps its digits where it is small. */
    private static double geluGate(double x) {
        return sigmoid(2 * GELU_SCALE * (x + GELU_CUBE * x * x * x));
    }

    private static double geluDerivative(double x) {
        double gate = geluGate(x);
        return gate + 2 * x * gate * (1 - gate) * GELU_SCALE * (1 + 3 * GELU_CUBE * x * x);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double combine(Binary op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case GREATER_EQUAL -> a >= b ? 1 : 0;
        };
    }

    static void binary(Binary op, View a, View b, View y) {
        for (long i = 0; i < y.elements(); i++) {
            double left = Numbers.of(a).get(aligned(i, y.shape(), a.shape()));
            double right = Numbers.of(b).get(aligned(i, y.shape(), b.shape()));
            Numbers.of(y).set(i, combine(op, left, right));
        }
    }

    /** Which element of {@code from} stands at element {@code i} of {@code to} when it is broadcast. */
    static long aligned(long i, Shape to, Shape from) {
        long rest = i;
        long index = 0;
        long step = 1;
        for (int axis = 1; axis <= to.rank(); axis++) {
            long position = rest % to.extent(-axis);
            rest /= to.extent(-axis);
            if (axis <= from.rank()) {
                index += from.extent(-axis) == 1 ? 0 : position * step;
                step *= from.extent(-axis);
            }
        }
        return index;
    }

    static void reduce(Reduce d, View x, View y) {
        double[] folded = new double[Math.toIntExact(y.elements())];
        Arrays.fill(folded, d.kind() == Reduce.Kind.MAX ? Double.NEGATIVE_INFINITY : 0);
        for (long i = 0; i < x.elements(); i++) {
            int target = (int) aligned(i, x.shape(), y.shape());
            double value = Numbers.of(x).get(i);
            folded[target] = switch (d.kind()) {
                case SUM, MEAN -> folded[target] + value;
                case MAX -> Math.max(folded[target], value);
                case SUM_OF_SQUARES -> folded[target] + value * value;
            };
        }
        double count = (double) x.elements() / y.elements();
        for (int i = 0; i < folded.length; i++) {
            double result = d.kind() == Reduce.Kind.MEAN ? folded[i] / count : folded[i];
            Numbers.of(y).set(i, d.accumulate() ? Numbers.of(y).get(i) + result : result);
        }
    }

    static void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        Numbers places = Numbers.of(placements);
        long channels = y.extent(3);
        for (long i = 0; i < y.elements(); i++) {
            long c = i % channels;
            long column = i / channels % y.extent(2);
            long row = i / channels / y.extent(2) % y.extent(1);
            long image = i / channels / y.extent(2) / y.extent(1);
            boolean mirrored = places.whole(3 * image + 2) == 1;
            long r = places.whole(3 * image) + row;
            long q = places.whole(3 * image + 1) + (mirrored ? y.extent(2) - 1 - column : column);
            boolean inside = r >= 0 && r < images.extent(1) && q >= 0 && q < images.extent(2);
            long pixel = ((image * images.extent(1) + r) * images.extent(2) + q) * channels + c;
            double value = inside ? Numbers.of(images).get(pixel) : 0;
            Numbers.of(y).set(i, (value / 255 - d.mean()[(int) c]) / d.deviation()[(int) c]);
        }
    }

    static double draw(Random d, long i) {
        int[] words = new int[4];
        long number = d.offset() + i;
        Philox.block(d.seed(), d.stream(), number >>> 2, words);
        int word = (int) (number & 3);
        return switch (d.distribution()) {
            case UNIFORM -> Philox.uniform(words[word]);
            case BERNOULLI -> Philox.bernoulli(words[word], Philox.threshold(d.probability())) ? 1 : 0;
            case NORMAL -> word % 2 == 0
                    ? Philox.cosineGaussian(words[word], words[word + 1])
                    : Philox.sineGaussian(words[word - 1], words[word]);
        };
    }
}
