package dev.halcyon.autograd.ops;

import dev.halcyon.autograd.Backward;
import dev.halcyon.autograd.Gradients;
import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Backend;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/** Operations that treat every element alike. Two operands are broadcast against each other as in NumPy. */
public final class Elementwise {
    private Elementwise() {
    }

    /** y = op(x). */
    public static Tensor unary(Unary op, Tensor x) {
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), x.shape());
        backend.unary(op, x.view(), y.view());
        Tensor saved = op.saved() == Unary.Saved.INPUT ? x : y;
        return Tape.record(name(op), y, List.of(x), List.of(),
                (dy, gradients) -> gradients.writeOver(x, dx -> backend.unaryGradient(op, saved.view(), dy, dx)));
    }

    /** max(x, 0). */
    public static Tensor relu(Tensor x) {
        return unary(Unary.RELU, x);
    }

    /** a + b. */
    public static Tensor add(Tensor a, Tensor b) {
        return binary(Binary.ADD, a, b, (dy, gradients) -> {
            sendReduced(a, dy, gradients);
            sendReduced(b, dy, gradients);
        });
    }

    /** a - b. */
    public static Tensor subtract(Tensor a, Tensor b) {
        return binary(Binary.SUBTRACT, a, b, (dy, gradients) -> {
            sendReduced(a, dy, gradients);
            if (gradients.wanted(b)) {
                try (Tensor negative = temporary(b, dy.shape())) {
                    b.device().backend().unary(Unary.NEGATE, dy, negative.view());
                    sendReduced(b, negative.view(), gradients);
                }
            }
        });
    }

    /** a b: d/da is b, d/db is a. */
    public static Tensor multiply(Tensor a, Tensor b) {
        return binary(Binary.MULTIPLY, a, b, (dy, gradients) -> {
            sendProduct(a, Binary.MULTIPLY, dy, b.view(), gradients);
            sendProduct(b, Binary.MULTIPLY, dy, a.view(), gradients);
        });
    }

    /** a / b: d/da is 1 / b, d/db is -a / b². */
    public static Tensor divide(Tensor a, Tensor b) {
        return binary(Binary.DIVIDE, a, b, (dy, gradients) -> {
            sendProduct(a, Binary.DIVIDE, dy, b.view(), gradients);
            if (gradients.wanted(b)) {
                Backend backend = b.device().backend();
                try (Tensor term = temporary(b, dy.shape())) {
                    backend.binary(Binary.MULTIPLY, dy, a.view(), term.view());
                    backend.binary(Binary.DIVIDE, term.view(), b.view(), term.view());
                    backend.binary(Binary.DIVIDE, term.view(), b.view(), term.view());
                    backend.unary(Unary.NEGATE, term.view(), term.view());
                    sendReduced(b, term.view(), gradients);
                }
            }
        });
    }

    /** The larger of a and b; where they are equal the gradient goes to a. */
    public static Tensor maximum(Tensor a, Tensor b) {
        return binary(Binary.MAXIMUM, a, b, (dy, gradients) -> sendByOrder(a, b, a, b, dy, gradients));
    }

    /** The smaller of a and b; where they are equal the gradient goes to b. */
    public static Tensor minimum(Tensor a, Tensor b) {
        return binary(Binary.MINIMUM, a, b, (dy, gradients) -> sendByOrder(a, b, b, a, dy, gradients));
    }

    /** factor x. */
    public static Tensor scale(double factor, Tensor x) {
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), x.shape());
        backend.scaleAdd(factor, x.view(), 0, y.view());
        return Tape.record("scale", y, List.of(x), List.of(),
                (dy, gradients) -> gradients.writeOrAdd(x,
                        (dx, adds) -> backend.scaleAdd(factor, dy, adds ? 1 : 0, dx)));
    }

    /** x with another element type. Differentiable between floating-point types. */
    public static Tensor cast(Tensor x, DataType type) {
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), type, x.shape());
        backend.cast(x.view(), y.view());
        return Tape.record("cast", y, List.of(x), List.of(),
                (dy, gradients) -> gradients.write(x, dx -> backend.cast(dy, dx)));
    }

    private static Tensor binary(Binary op, Tensor a, Tensor b, Backward backward) {
        Shape shape = Shape.broadcast(name(op), a.shape(), b.shape());
        Operands.requireAlike(name(op), a, b);
        Tensor y = Tensor.empty(a.device(), a.type(), shape);
        a.device().backend().binary(op, a.view(), b.view(), y.view());
        return Tape.record(name(op), y, List.of(a, b), List.of(), backward);
    }

    /** Sends op(dy, other) to x. */
    private static void sendProduct(Tensor x, Binary op, View dy, View other, Gradients gradients) {
        Backend backend = x.device().backend();
        if (dy.shape().equals(x.shape())) {
            gradients.write(x, dx -> backend.binary(op, dy, other, dx));
        } else if (gradients.wanted(x)) {
            try (Tensor term = temporary(x, dy.shape())) {
                backend.binary(op, dy, other, term.view());
                sendReduced(x, term.view(), gradients);
            }
        }
    }

    /** Sends dy to {@code chosen} where a ≥ b, and to {@code other} elsewhere. */
    private static void sendByOrder(Tensor a, Tensor b, Tensor chosen, Tensor other, View dy, Gradients gradients) {
        Backend backend = a.device().backend();
        try (Tensor share = temporary(a, dy.shape())) {
            backend.binary(Binary.GREATER_EQUAL, a.view(), b.view(), share.view());
            backend.binary(Binary.MULTIPLY, share.view(), dy, share.view());
            sendReduced(chosen, share.view(), gradients);
            backend.scaleAdd(1, dy, -1, share.view());
            sendReduced(other, share.view(), gradients);
        }
    }

    /** Sends a gradient summed over the axes along which x was broadcast. */
    private static void sendReduced(Tensor x, View gradient, Gradients gradients) {
        if (gradient.shape().equals(x.shape())) {
            gradients.send(x, gradient);
            return;
        }
        Shape aligned = x.shape();
        while (aligned.rank() < gradient.shape().rank()) {
            aligned = aligned.prepend(1);
        }
        Shape target = aligned;
        gradients.add(x, dx -> x.device().backend().reduce(new Reduce(Reduce.Kind.SUM, true), gradient, dx.as(target)));
    }

    private static Tensor temporary(Tensor like, Shape shape) {
        return Tensor.empty(like.device(), like.type(), shape);
    }

    private static String name(Enum<?> op) {
        return op.name().toLowerCase(Locale.ROOT);
    }
}
