package dev.halcyon.it.cases;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.List;

/**
 * A differentiable operation on tensors. It is checked against central differences in double precision on the
 * reference backend, and on every other backend against the reference.
 *
 * @param operation class and method in {@link dev.halcyon.autograd.ops}: {@code Elementwise.add}
 * @param label what is special about this row
 * @param inputs its tensors
 * @param terms how many terms the longest sum in it has, forward or backward
 * @param function applies the operation; must not depend on anything but its inputs
 */
public record GradientCase(String operation, String label, List<Input> inputs, long terms, Function function)
        implements OpCase {
    /** The operation as a function of its inputs. */
    @FunctionalInterface
    public interface Function {
        /** Applies it. */
        Tensor apply(Tensor[] inputs);
    }

    /**
     * One tensor.
     *
     * @param shape its extents
     * @param type null for the floating-point type that the check runs in
     * @param tracked whether its gradient is checked
     * @param values what it holds; kinks of the operation are to be avoided by more than 1e-4
     */
    public record Input(Shape shape, DataType type, boolean tracked, Values values) {
    }

    /** An input whose gradient is checked, of normal draws. */
    public static Input input(long... extents) {
        return input(Values.NORMAL, extents);
    }

    /** An input whose gradient is checked. */
    public static Input input(Values values, long... extents) {
        return new Input(Shape.of(extents), null, true, values);
    }

    /** An input that is a constant. */
    public static Input constant(Values values, long... extents) {
        return new Input(Shape.of(extents), null, false, values);
    }

    /** Whole numbers: labels or row indices. */
    public static Input indices(int below, long... extents) {
        return new Input(Shape.of(extents), DataType.INT64, false, Values.whole(0, below));
    }

    /** A row whose sums are short. */
    public static GradientCase of(String operation, String label, Function function, Input... inputs) {
        return new GradientCase(operation, label, List.of(inputs), 100, function);
    }

    /** This row with longer sums. */
    public GradientCase sumOf(long count) {
        return new GradientCase(operation, label, inputs, count, function);
    }

    @Override
    public String name() {
        return operation + " " + label;
    }

    @Override
    public String toString() {
        return name();
    }
}
