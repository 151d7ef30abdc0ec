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
     * Checks that the block lies within both tensors.
     *
     * @throws ShapeException if it does not
     */
    public void check(Shape source, Shape destination) {
        boolean fits = source.rank() == destination.rank() && from.length == source.rank()
                && to.length == source.rank() && extents.length == source.rank();
        for (int axis = 0; fits && axis < extents.length; axis++) {
            fits = extents[axis] >= 1 && from[axis] >= 0 && to[axis] >= 0
                    && from[axis] + extents[axis] <= source.extent(axis)
                    && to[axis] + extents[axis] <= destination.extent(axis);
        }
        if (!fits) {
            throw new ShapeException("copyRegion", "a block within " + source + " and " + destination, this);
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
