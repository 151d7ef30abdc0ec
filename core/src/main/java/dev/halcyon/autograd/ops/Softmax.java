package dev.halcyon.autograd.ops;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Backend;
import dev.halcyon.device.Binary;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.Reduce;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.util.List;

/** Softmax, and the loss that goes with it. */
public final class Softmax {
    private Softmax() {
    }

    /** Probabilities of each row: e^x / Σ e^x along the innermost axis. */
    public static Tensor softmax(Tensor x) {
        if (x.shape().rank() == 0) {
            throw new ShapeException("softmax", "rows [.., k]", x.shape());
        }
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), x.shape());
        backend.softmax(x.view(), y.view());
        return Tape.record("softmax", y, List.of(x), List.of(),
                (dy, gradients) -> gradients.write(x, dx -> backend.softmaxGradient(y.view(), dy, dx)));
    }

    /**
     * Softmax cross-entropy, averaged over the batch. Without weights the error at each output is p - q: what the
     * network said less what was true. With class weights the average is weighted by the labels' weights, as in PyTorch.
     *
     * @param logits [n, k]
     * @param targets int64 labels [n], or distributions [n, k] of the logits' type
     * @param weights of the classes [k], or null
     * @return a scalar
     */
    public static Tensor crossEntropy(CrossEntropy d, Tensor logits, Tensor targets, Tensor weights) {
        boolean labels = check(logits, targets, weights);
        Operands.requireSameDevice("crossEntropy", logits, targets);
        Operands.requireAlike("crossEntropy", logits, weights);
        Backend backend = logits.device().backend();
        Shape rows = Shape.of(logits.shape().extent(0));
        Tensor loss = Tensor.empty(logits.device(), logits.type(), Shape.SCALAR);
        Tensor share = Tensor.empty(logits.device(), logits.type(), Shape.SCALAR);
        Tensor gradient = Tensor.empty(logits.device(), logits.type(), logits.shape());
        try (Tensor losses = Tensor.empty(logits.device(), logits.type(), rows)) {
            backend.crossEntropy(d, logits.view(), targets.view(), weights == null ? null : weights.view(),
                    losses.view(), gradient.view());
            Shape one = Shape.of(1);
            backend.reduce(Reduce.of(Reduce.Kind.SUM), losses.view(), loss.view().as(one));
            if (labels && weights != null) {
                backend.fill(share.view(), 1);
                backend.gatherRows(weights.view(), targets.view(), losses.view());
                try (Tensor total = Tensor.empty(logits.device(), logits.type(), one)) {
                    backend.reduce(Reduce.of(Reduce.Kind.SUM), losses.view(), total.view());
                    backend.binary(Binary.DIVIDE, share.view(), total.view().as(Shape.SCALAR), share.view());
                }
            } else {
                backend.fill(share.view(), 1.0 / rows.elements());
            }
        }
        backend.binary(Binary.MULTIPLY, loss.view(), share.view(), loss.view());
        return Tape.record("crossEntropy", loss, List.of(logits), List.of(gradient, share),
                (dy, gradients) -> gradients.write(logits, dx -> {
                    backend.binary(Binary.MULTIPLY, dy, share.view(), share.view());
                    backend.binary(Binary.MULTIPLY, gradient.view(), share.view(), dx);
                }));
    }

    /** Whether the targets are labels rather than distributions. */
    private static boolean check(Tensor logits, Tensor targets, Tensor weights) {
        Shape shape = logits.shape();
        boolean labels = targets.type() == DataType.INT64;
        if (shape.rank() != 2) {
            throw new ShapeException("crossEntropy", "logits [n, classes]", shape);
        }
        Shape expected = labels ? Shape.of(shape.extent(0)) : shape;
        if (!targets.shape().equals(expected) || !labels && targets.type() != logits.type()) {
            throw new ShapeException("crossEntropy", "INT64 labels " + Shape.of(shape.extent(0)) + " or "
                    + logits.type() + " distributions " + shape, targets);
        }
        if (weights != null && !weights.shape().equals(Shape.of(shape.extent(1)))) {
            throw new ShapeException("crossEntropy", "one weight per class " + Shape.of(shape.extent(1)),
                    weights.shape());
        }
        return labels;
    }
}
