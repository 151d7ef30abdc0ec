package dev.halcyon.cuda;

import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/**
 * What follows a product in the same kernel: activation(scale · product + bias + residual), where scale and bias belong to
 * columns or output channels.
 *
 * @param scale float32, or null for 1
 * @param bias float32, or null for 0
 * @param residual of the product's shape and type, or null for 0
 */
record Epilogue(View scale, View bias, View residual, Unary activation) {
    static final Epilogue NONE = of(null, Unary.IDENTITY);

    /**
     * A bias and an activation.
     *
     * @param bias float32, or null for 0
     * @throws UnsupportedOperationException if the bias has another type
     */
    static Epilogue of(View bias, Unary activation) {
        return new Epilogue(null, bias == null ? null : Views.float32(bias), null, activation);
    }

    boolean isNone() {
        return scale == null && bias == null && residual == null && activation == Unary.IDENTITY;
    }

    long scaleAddress() {
        return address(scale);
    }

    long biasAddress() {
        return address(bias);
    }

    long residualAddress() {
        return address(residual);
    }

    private static long address(View view) {
        return view == null ? 0 : Views.address(view);
    }

    /** Whether all of it can be read in whole accesses. */
    boolean isAligned() {
        return (scaleAddress() | biasAddress() | residualAddress()) % Views.ACCESS_BYTES == 0;
    }
}
