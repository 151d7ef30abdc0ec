package dev.halcyon.it.timing;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.tensor.Shape;
import java.util.Locale;

/** An operation and the sizes it is timed at. */
public sealed interface OperationCase {
    /** Which of a layer's three computations. */
    enum Direction {
        /** The output. */
        FORWARD,
        /** The gradient of the input. */
        INPUT_GRADIENT,
        /** The gradient of the weights. */
        WEIGHT_GRADIENT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** What is computed, for the table's first column. */
    String operation();

    /** At which sizes, for the second. */
    String sizes();

    /** A convolution of images x [n, h, w, cin] with weights [kh, kw, cin / groups, cout]. */
    record Convolution(Direction direction, Conv2d d, Shape x, Shape w) implements OperationCase {
        @Override
        public String operation() {
            return "convolution, " + direction;
        }

        @Override
        public String sizes() {
            StringBuilder text = new StringBuilder(x + " * " + w);
            note(text, "stride", d.strideHeight(), 1);
            note(text, "dilation", d.dilationHeight(), 1);
            note(text, "groups", d.groups(), 1);
            return text.toString();
        }

        private static void note(StringBuilder text, String name, int value, int usual) {
            if (value != usual) {
                text.append(", ").append(name).append(' ').append(value);
            }
        }
    }

    /** A linear layer of n rows; forward with a bias. */
    record Linear(Direction direction, int n, int in, int out) implements OperationCase {
        @Override
        public String operation() {
            return "linear, " + direction;
        }

        @Override
        public String sizes() {
            return n + " rows, " + in + " → " + out;
        }
    }

    /** Pooling of images x [n, h, w, c]: maxima, or averages with padding counted as zeros. */
    record Pooling(boolean maximum, Direction direction, Pool2d d, Shape x) implements OperationCase {
        @Override
        public String operation() {
            return (maximum ? "max pooling, " : "average pooling, ") + direction;
        }

        @Override
        public String sizes() {
            return x + ", window " + d.kernelHeight() + "x" + d.kernelWidth() + ", stride " + d.strideHeight()
                    + ", padding " + d.paddingHeight();
        }
    }

    /** Batch norm of a training step over x [n, h, w, c]; its gradient is that of x, scale and shift. */
    record Norm(Direction direction, Shape x) implements OperationCase {
        @Override
        public String operation() {
            return "batch norm, " + direction;
        }

        @Override
        public String sizes() {
            return x.toString();
        }
    }

    /** Softmax of n rows. */
    record Softmax(int n, int classes) implements OperationCase {
        @Override
        public String operation() {
            return "softmax, forward";
        }

        @Override
        public String sizes() {
            return n + " rows of " + classes;
        }
    }
}
