package dev.halcyon.autograd.ops;

import dev.halcyon.tensor.Tensor;

/** What holds of the operands of every operation. */
final class Operands {
    private Operands() {
    }

    /**
     * Checks that all operands are of the first one's element type and on its device; null stands for none.
     *
     * @throws IllegalArgumentException if one is not
     */
    static void requireAlike(String operation, Tensor first, Tensor... others) {
        for (Tensor other : others) {
            if (other != null && other.type() != first.type()) {
                throw new IllegalArgumentException(operation + ": expected operands of one type, found " + first
                        + " and " + other + "; cast one of them");
            }
            requireSameDevice(operation, first, other);
        }
    }

    /** Checks the device alone, for operands of different types. */
    static void requireSameDevice(String operation, Tensor first, Tensor other) {
        if (other != null && other.device() != first.device()) {
            throw new IllegalArgumentException(operation + ": expected operands on one device, found " + first
                    + " and " + other + "; make them on the same open device");
        }
    }
}
