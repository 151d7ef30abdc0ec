package dev.halcyon.device;

import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;

/**
 * A reduction. The axes that it folds are those in which the output has extent 1 and the input has not.
 *
 * @param kind what is computed over the folded elements
 * @param accumulate add the result to the output instead of writing it (not for {@link Kind#MAX})
 */
public record Reduce(Kind kind, boolean accumulate) {
    /** What is computed. */
    public enum Kind {
        /** Σ x. */
        SUM,
        /** Σ x / count. */
        MEAN,
        /** The largest; NaN if there is one. */
        MAX,
        /** Σ x². */
        SUM_OF_SQUARES
    }

    /** Refuses to accumulate maxima. */
    public Reduce {
        if (kind == Kind.MAX && accumulate) {
            throw new IllegalArgumentException("reduce: maxima cannot be accumulated; use Binary.MAXIMUM");
        }
    }

    /** A reduction that writes its output. */
    public static Reduce of(Kind kind) {
        return new Reduce(kind, false);
    }

    /**
     * The output's shape: the input's with the given axes set to 1.
     *
     * @throws ShapeException if an axis does not exist
     */
    public Shape outputShape(Shape input, int... axes) {
        Shape output = input;
        for (int axis : axes) {
            output = output.with(axis, 1);
        }
        return output;
    }
}
