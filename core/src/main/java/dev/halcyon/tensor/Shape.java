package dev.halcyon.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of a tensor, outermost first. Tensors are row-major and contiguous, so a shape says everything about
 * where an element lies. Images are {@code [n, h, w, c]}. A scalar has rank 0.
 *
 * <p>Immutable. Extents are positive: an empty tensor has no use in training, and refusing it here keeps every
 * operation free of that case.
 */
public final class Shape {
    /** The shape of one number. */
    public static final Shape SCALAR = new Shape(new long[0]);

    private final long[] extents;
    private final long elements;

    private Shape(long[] extents) {
        long product = 1;
        for (long extent : extents) {
            if (extent < 1) {
                throw new ShapeException("shape", "extents of at least 1 (is the batch empty?)", text(extents));
            }
            product = Math.multiplyExact(product, extent);
        }
        this.extents = extents;
        this.elements = product;
    }

    /**
     * A shape of the given extents.
     *
     * @throws ShapeException if an extent is less than 1
     * @throws ArithmeticException if the number of elements exceeds 2^63 - 1
     */
    public static Shape of(long... extents) {
        return extents.length == 0 ? SCALAR : new Shape(extents.clone());
    }

    /** Number of axes. */
    public int rank() {
        return extents.length;
    }

    /** Number of elements: the product of the extents. */
    public long elements() {
        return elements;
    }

    /**
     * One extent. Negative axes count from the innermost: -1 is the last.
     *
     * @throws ShapeException if there is no such axis
     */
    public long extent(int axis) {
        return extents[axis(axis)];
    }

    /** All extents, as a copy. */
    public long[] extents() {
        return extents.clone();
    }

    /**
     * The axis counted from the outermost, in [0, rank), that {@code axis} means.
     *
     * @throws ShapeException if there is no such axis
     */
    public int axis(int axis) {
        int normal = axis < 0 ? axis + extents.length : axis;
        if (normal < 0 || normal >= extents.length) {
            throw new ShapeException("axis", "an axis within rank " + rank() + " of " + this, axis);
        }
        return normal;
    }

    /** This shape with one extent replaced. */
    public Shape with(int axis, long extent) {
        long[] changed = extents.clone();
        changed[axis(axis)] = extent;
        return new Shape(changed);
    }

    /** This shape with an extent put before all others. */
    public Shape prepend(long extent) {
        long[] longer = new long[extents.length + 1];
        longer[0] = extent;
        System.arraycopy(extents, 0, longer, 1, extents.length);
        return new Shape(longer);
    }

    /** The product of the extents from {@code from} (inclusive) to {@code to} (exclusive). */
    public long product(int from, int to) {
        long product = 1;
        for (int axis = from; axis < to; axis++) {
            product *= extents[axis];
        }
        return product;
    }

    /**
     * The shape that two operands of an element-wise operation give: aligned at the innermost axis, an extent of 1
     * stretches to the other's (NumPy's rule).
     *
     * @throws ShapeException if neither of two differing extents is 1
     */
    public static Shape broadcast(String operation, Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        long[] result = new long[rank];
        for (int axis = 1; axis <= rank; axis++) {
            long x = axis <= a.rank() ? a.extents[a.rank() - axis] : 1;
            long y = axis <= b.rank() ? b.extents[b.rank() - axis] : 1;
            if (x != y && x != 1 && y != 1) {
                throw new ShapeException(operation, "shapes that agree or are 1 in every axis", a + " and " + b);
            }
            result[rank - axis] = Math.max(x, y);
        }
        return new Shape(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    /** The extents in brackets: {@code [8, 32, 32, 3]}. */
    @Override
    public String toString() {
        return text(extents);
    }

    private static String text(long[] extents) {
        return Arrays.stream(extents).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
