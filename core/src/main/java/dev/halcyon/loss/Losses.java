package dev.halcyon.loss;

import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.Reductions;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;

/** The usual losses. */
public final class Losses {
    private Losses() {
    }

    /**
     * Softmax cross-entropy of logits [n, k].
     *
     * @param targets int64 labels [n] or distributions [n, k]
     */
    public static Tensor crossEntropy(Tensor logits, Tensor targets) {
        return Softmax.crossEntropy(new CrossEntropy(0), logits, targets, null);
    }

    /**
     * Softmax cross-entropy with label smoothing.
     *
     * @param labelSmoothing share of the truth that is spread over all classes, in [0, 1)
     */
    public static Loss crossEntropy(double labelSmoothing) {
        CrossEntropy settings = new CrossEntropy(labelSmoothing);
        return (logits, targets) -> Softmax.crossEntropy(settings, logits, targets, null);
    }

    /**
     * Softmax cross-entropy with label smoothing and a weight for each class, for classes of unequal number or cost.
     *
     * @param classWeights [k], kept by the caller
     */
    public static Loss crossEntropy(double labelSmoothing, Tensor classWeights) {
        CrossEntropy settings = new CrossEntropy(labelSmoothing);
        return (logits, targets) -> Softmax.crossEntropy(settings, logits, targets, classWeights);
    }

    /** Mean of (output - target)² over all elements; the target has the output's shape. */
    public static Tensor meanSquaredError(Tensor output, Tensor target) {
        requireSameShape("meanSquaredError", output, target);
        return Reductions.mean(Elementwise.unary(Unary.SQUARE, Elementwise.subtract(output, target)));
    }

    /**
     * Mean binary cross-entropy over all elements, of logits: softplus(x) - x t, which is
     * -t ln σ(x) - (1 - t) ln(1 - σ(x)) without overflow.
     *
     * @param targets in [0, 1], of the logits' shape
     */
    public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets) {
        requireSameShape("binaryCrossEntropy", logits, targets);
        Tensor agreement = Elementwise.multiply(logits, targets);
        return Reductions.mean(Elementwise.subtract(Elementwise.unary(Unary.SOFTPLUS, logits), agreement));
    }

    private static void requireSameShape(String name, Tensor output, Tensor target) {
        if (!output.shape().equals(target.shape())) {
            throw new ShapeException(name, "targets of the output's shape " + output.shape(), target.shape());
        }
    }
}
