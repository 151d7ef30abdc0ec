package dev.halcyon.autograd.ops;

import dev.halcyon.tensor.DataType;
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

    /**
     * Checks that parameters are on the data's device and of the type that goes with its own, see
     * {@link DataType#parameterType}; null stands for none.
     *
     * @throws IllegalArgumentException if one is not
     */
    static void requireParameters(String operation, Tensor data, Tensor... parameters) {
        for (Tensor parameter : parameters) {
            if (parameter != null && parameter.type() != data.type().parameterType()) {
                throw new IllegalArgumentException(operation + ": expected parameters of type "
                        + data.type().parameterType() + " beside " + data + ", found " + parameter + "; cast them");
            }
            requireSameDevice(operation, data, parameter);
        }
    }

    /** A factor as products with data of a type need it: itself, or a copy that the caller has to close. */
    static Tensor factor(Tensor parameter, DataType type) {
        if (parameter.type() == type) {
            return parameter;
        }
        Tensor rounded = RoundedParameters.take(parameter);
        if (rounded != null) {
            return rounded;
        }
        Tensor copy = Tensor.empty(parameter.device(), type, parameter.shape());
        parameter.device().backend().cast(parameter.view(), copy.view());
        return copy;
    }

    /** Checks the device alone, for operands of different types. */
    static void requireSameDevice(String operation, Tensor first, Tensor other) {
        if (other != null && other.device() != first.device()) {
            throw new IllegalArgumentException(operation + ": expected operands on one device, found " + first
                    + " and " + other + "; make them on the same open device");
        }
    }
}
