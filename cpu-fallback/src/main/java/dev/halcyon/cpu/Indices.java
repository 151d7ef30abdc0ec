package dev.halcyon.cpu;

import dev.halcyon.device.View;

/** Keeps wrong indices from reaching memory that is not theirs. */
final class Indices {
    private Indices() {
    }

    /**
     * Checks int64 indices.
     *
     * @throws IllegalArgumentException if one is not in [0, count)
     */
    static void check(String operation, View indices, long count) {
        for (long i = 0; i < indices.elements(); i++) {
            long index = Memory.getLong(Memory.address(indices) + Long.BYTES * i);
            if (index < 0 || index >= count) {
                throw new IllegalArgumentException(
                        operation + ": expected indices in [0, " + count + "), found " + index + " at position " + i);
            }
        }
    }
}
