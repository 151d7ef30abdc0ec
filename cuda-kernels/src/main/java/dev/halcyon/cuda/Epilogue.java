package dev.halcyon.cuda;

import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/**
 * What follows a product in the same kernel: activation(scale · product + bias), where scale and bias belong to columns or
 * output channels.
 *
 * @param scale float32, or null for 1
 * @param bias float32, or null for 0
 */
record Epilogue(View scale, View bias, Unary activation) {
    static final Epilogue NONE = new Epilogue(null, null, Unary.IDENTITY);

    /**
     * A bias and an activation.
     *
     * @param bias float32, or null for 0
     * @throws UnsupportedOperationException if the bias has another type
     */
    static Epilogue of(View bias, Unary activation) {
        return new Epilogue(null, bias == null ? null : Views.float32(bias), activation);
    }

    boolean isNone() {
        return scale == null && bias == null && activation == Unary.IDENTITY;
    }

    long scaleAddress() {
        return scale == null ? 0 : Views.address(scale);
    }

    long biasAddress() {
        return bias == null ? 0 : Views.address(bias);
    }

    /** Whether scale and bias can be read in whole accesses. */
    boolean isAligned() {
        return (scaleAddress() | biasAddress()) % Views.ACCESS_BYTES == 0;
    }
}
