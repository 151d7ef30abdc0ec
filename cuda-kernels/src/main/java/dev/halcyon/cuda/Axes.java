package dev.halcyon.cuda;

import dev.halcyon.tensor.Shape;
import java.util.Arrays;

/**
 * The axes along which two tensors are walked together, outermost first, as few as say it: neighbouring axes along
 * which both go on alike are one.
 *
 * @param extents of the axes
 * @param a elements of the first tensor from one index to the next; 0 where it is stretched
 * @param b the same for the second
 */
record Axes(long[] extents, long[] a, long[] b) {
    /** As many axes as a kernel can be told of. */
    static final int MOST = 8;

    /** Something done to a part of what is walked over: where it starts in the walk and in both tensors. */
    @FunctionalInterface
    interface Part {
        void of(Axes axes, long start, long aStart, long bStart);
    }

    /** Joins what can be joined, and leaves out axes of extent 1. */
    static Axes of(long[] extents, long[] a, long[] b) {
        int count = 0;
        long[] joined = new long[extents.length];
        long[] aSteps = new long[extents.length];
        long[] bSteps = new long[extents.length];
        for (int axis = 0; axis < extents.length; axis++) {
            if (extents[axis] == 1) {
                continue;
            }
            boolean goesOn = count > 0 && aSteps[count - 1] == a[axis] * extents[axis]
                    && bSteps[count - 1] == b[axis] * extents[axis];
            if (!goesOn) {
                joined[count++] = 1;
            }
            joined[count - 1] *= extents[axis];
            aSteps[count - 1] = a[axis];
            bSteps[count - 1] = b[axis];
        }
        return count == 0
                ? new Axes(new long[] {1}, new long[] {1}, new long[] {1})
                : new Axes(Arrays.copyOf(joined, count), Arrays.copyOf(aSteps, count), Arrays.copyOf(bSteps, count));
    }

    /** Elements from one index to the next along each axis of a tensor. */
    static long[] steps(Shape shape) {
        long[] steps = new long[shape.rank()];
        for (int axis = 0; axis < steps.length; axis++) {
            steps[axis] = shape.product(axis + 1, steps.length);
        }
        return steps;
    }

    /** Elements from one index to the next along each axis of {@code to}; 0 where {@code from} is stretched to it. */
    static long[] steps(Shape from, Shape to) {
        long[] own = steps(from);
        long[] steps = new long[to.rank()];
        for (int axis = 1; axis <= from.rank(); axis++) {
            steps[to.rank() - axis] = from.extent(-axis) == 1 ? 0 : own[from.rank() - axis];
        }
        return steps;
    }

    int last() {
        return extents.length - 1;
    }

    long elements() {
        return Arrays.stream(extents).reduce(1, Math::multiplyExact);
    }

    /** Whether all steps but those along the innermost axis, and its extent, are multiples of {@code count}. */
    boolean inGroupsOf(int count) {
        boolean multiples = extents[last()] % count == 0;
        for (int axis = 0; axis < last(); axis++) {
            multiples &= a[axis] % count == 0 && b[axis] % count == 0;
        }
        return multiples;
    }

    /** The same walk over groups of {@code count} neighbours, see {@link #inGroupsOf}. */
    Axes grouped(int count) {
        Axes grouped = new Axes(extents.clone(), a.clone(), b.clone());
        grouped.extents[last()] /= count;
        for (int axis = 0; axis < last(); axis++) {
            grouped.a[axis] /= count;
            grouped.b[axis] /= count;
        }
        return grouped;
    }

    /** This walk without one of its axes. */
    Axes without(int axis) {
        return new Axes(without(extents, axis), without(a, axis), without(b, axis));
    }

    private static long[] without(long[] values, int axis) {
        long[] rest = new long[values.length - 1];
        System.arraycopy(values, 0, rest, 0, axis);
        System.arraycopy(values, axis + 1, rest, axis, rest.length - axis);
        return rest;
    }

    /** Parts of at most {@code most} elements and {@link #MOST} axes, which kernels can do one after the other. */
    void parts(long most, Part use) {
        parts(most, 0, 0, 0, use);
    }

    private void parts(long most, long start, long aStart, long bStart, Part use) {
        long inner = elements() / extents[0];
        if (extents.length <= MOST && extents[0] * inner <= most) {
            use.of(this, start, aStart, bStart);
        } else if (extents.length <= MOST && inner <= most) {
            long each = most / inner;
            for (long first = 0; first < extents[0]; first += each) {
                long[] part = extents.clone();
                part[0] = Math.min(each, extents[0] - first);
                use.of(new Axes(part, a, b), start + first * inner, aStart + first * a[0], bStart + first * b[0]);
            }
        } else {
            for (long i = 0; i < extents[0]; i++) {
                without(0).parts(most, start + i * inner, aStart + i * a[0], bStart + i * b[0], use);
            }
        }
    }

    /** {@code struct Axes} of axes.cuh as words of 8 bytes. */
    long[] words() {
        long[] words = new long[1 + 4 * MOST];
        words[0] = extents.length;
        for (int axis = 0; axis < extents.length; axis++) {
            System.arraycopy(Divisor.of(extents[axis]).words(), 0, words, 1 + 4 * axis, 2);
            words[3 + 4 * axis] = a[axis];
            words[4 + 4 * axis] = b[axis];
        }
        return words;
    }
}
