package dev.halcyon.device;

import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import java.util.Arrays;

/**
 * A block to be copied from one tensor into another of the same rank and type: slice, concatenation and padding are
 * all made of it.
 *
 * @param from where the block starts in the source, per axis
 * @param to where it goes in the destination, per axis
 * @param extents its size, per axis
 */
public record Region(long[] from, long[] to, long[] extents) {
    /** Copies the arrays. */
    public Region {
        from = from.clone();
        to = to.clone();
        extents = extents.clone();
    }

    /**
     * Checks that the block lies within the source.
     *
     * @param operation what was asked for
     * @throws ShapeException if it does not
     */
    public void checkSource(String operation, Shape source) {
        check(operation, from, source);
    }

    /**
     * Checks that the block lies within the destination.
     *
     * @param operation what was asked for
     * @throws ShapeException if it does not
     */
    public void checkDestination(String operation, Shape destination) {
        check(operation, to, destination);
    }

    private void check(String operation, long[] start, Shape whole) {
        boolean fits = start.length == whole.rank() && extents.length == whole.rank();
        for (int axis = 0; fits && axis < extents.length; axis++) {
            fits = extents[axis] >= 1 && start[axis] >= 0 && start[axis] <= whole.extent(axis) - extents[axis];
        }
        if (!fits) {
            throw new ShapeException(operation, "a block within " + whole,
                    Arrays.toString(extents) + " at " + Arrays.toString(start));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Region region && Arrays.equals(from, region.from) && Arrays.equals(to, region.to)
                && Arrays.equals(extents, region.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {Arrays.hashCode(from), Arrays.hashCode(to), Arrays.hashCode(extents)});
    }

    @Override
    public String toString() {
        return Arrays.toString(extents) + " from " + Arrays.toString(from) + " to " + Arrays.toString(to);
    }
}
