package dev.halcyon.cpu;

import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/**
 * What outputs go through once their sums are complete: activation(sum + residual).
 *
 * @param residual bytes from an output to what is added to it, or 0 for nothing
 */
record Epilogue(long residual, Unary activation) {
    static final Epilogue NONE = of(Unary.IDENTITY);

    static Epilogue of(Unary activation) {
        return new Epilogue(0, activation);
    }

    /** The epilogue of y with a residual of its shape, or null for none. */
    static Epilogue of(View residual, Unary activation, View y) {
        return residual == null
                ? of(activation)
                : new Epilogue(Memory.address(residual) - Memory.address(y), activation);
    }

    boolean isNone() {
        return residual == 0 && activation == Unary.IDENTITY;
    }

    /** Finishes n outputs. */
    void apply(long outputs, long n) {
        apply(outputs, 0, 1, n, 0);
    }

    /** Finishes rows of n outputs, {@code step} bytes apart, to which a bias [n] is added first, if it is not 0. */
    void apply(long outputs, long step, long rows, long n, long bias) {
        if (isNone() && bias == 0) {
            return;
        }
        RowKernels kernels = Vectorization.rows();
        boolean fused = ChannelKernels.fuses(activation);
        kernels.finish(outputs, step, rows, n, bias, residual, fused ? activation : Unary.IDENTITY);
        for (long row = 0; !fused && row < rows; row++) {
            kernels.unary(activation, outputs + row * step, outputs + row * step, n);
        }
    }
}
