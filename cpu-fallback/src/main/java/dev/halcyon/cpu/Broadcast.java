package dev.halcyon.cpu;

import dev.halcyon.device.View;
import java.util.Arrays;

/**
 * How two operands are stretched to a result, with as few axes as say it: neighbouring axes along which both operands
 * go on alike are one.
 *
 * @param extents of the result
 * @param aSteps elements from one index of a to the next, 0 where a is stretched
 * @param bSteps the same for b
 */
record Broadcast(long[] extents, long[] aSteps, long[] bSteps) {
    static Broadcast of(View a, View b, View y) {
        int rank = y.shape().rank();
        long[] all = y.shape().extents();
        long[] left = Elementwise.steps(a.shape(), y.shape());
        long[] right = Elementwise.steps(b.shape(), y.shape());
        long[] extents = new long[rank];
        long[] aSteps = new long[rank];
        long[] bSteps = new long[rank];
        int count = 0;
        for (int axis = 0; axis < rank; axis++) {
            if (all[axis] == 1) {
                continue;
            }
            boolean goesOn = count > 0 && aSteps[count - 1] == left[axis] * all[axis]
                    && bSteps[count - 1] == right[axis] * all[axis];
            if (!goesOn) {
                extents[count++] = 1;
            }
            extents[count - 1] *= all[axis];
            aSteps[count - 1] = left[axis];
            bSteps[count - 1] = right[axis];
        }
        return new Broadcast(Arrays.copyOf(extents, count), Arrays.copyOf(aSteps, count),
                Arrays.copyOf(bSteps, count));
    }

    private int last() {
        return extents.length - 1;
    }

    /** Elements of a row. */
    long width() {
        return extents[last()];
    }

    int aStep() {
        return (int) aSteps[last()];
    }

    int bStep() {
        return (int) bSteps[last()];
    }

    /** Whether a runs along with the result and b is one row, again and again. */
    boolean repeatsB() {
        return extents.length == 2 && aSteps[0] == extents[1] && aSteps[1] == 1 && bSteps[0] == 0 && bSteps[1] == 1;
    }

    /** Where a's elements for a row of the result begin. */
    long aOffset(long row) {
        return offset(row, aSteps);
    }

    /** Where b's elements for a row of the result begin. */
    long bOffset(long row) {
        return offset(row, bSteps);
    }

    private long offset(long row, long[] steps) {
        long offset = 0;
        long rest = row;
        for (int axis = last() - 1; axis > 0; axis--) {
            offset += rest % extents[axis] * steps[axis];
            rest /= extents[axis];
        }
        return extents.length < 2 ? 0 : offset + rest * steps[0];
    }
}
