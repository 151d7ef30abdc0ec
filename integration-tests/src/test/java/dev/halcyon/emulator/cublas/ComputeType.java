package dev.halcyon.emulator.cublas;

import dev.halcyon.emulator.arithmetic.Float32;
import dev.halcyon.emulator.arithmetic.Half;
import java.util.Arrays;
import java.util.Optional;

/**
 * In which type factors are multiplied, by their {@code cublasComputeType_t}; sums, alpha and beta are float32 in all of
 * them. Those with a down-conversion are for float32 matrices alone.
 */
enum ComputeType {
    FLOAT32(68), FLOAT32_PEDANTIC(69), FAST_16F(74), FAST_16BF(75), FAST_TF32(77);

    /** {@code CUBLAS_TF32_TENSOR_OP_MATH}, without flags. */
    private static final int TF32_MATH_MODE = 3;
    private static final int MATH_MODES = 0xf;

    private final int code;

    ComputeType(int code) {
        this.code = code;
    }

    static Optional<ComputeType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findAny();
    }

    /** The code of what float32 products without a compute type of their own use under a {@code cublasMath_t}. */
    static int ofMathMode(int mathMode) {
        return (mathMode & MATH_MODES) == TF32_MATH_MODE ? FAST_TF32.code : FLOAT32.code;
    }

    /** Whether factors are brought to a shorter type first. */
    boolean isDownConverting() {
        return this != FLOAT32 && this != FLOAT32_PEDANTIC;
    }

    /** Brings factors to the type in which they are multiplied. */
    void convert(float[] factors) {
        switch (this) {
            case FLOAT32, FLOAT32_PEDANTIC -> {
            }
            case FAST_16F -> convert(factors, Half.F16);
            case FAST_16BF -> convert(factors, Half.BF16);
            case FAST_TF32 -> {
                for (int i = 0; i < factors.length; i++) {
                    factors[i] = Float32.tf32(factors[i]);
                }
            }
        }
    }

    private static void convert(float[] factors, Half half) {
        for (int i = 0; i < factors.length; i++) {
            factors[i] = half.toFloat(half.of(factors[i]));
        }
    }
}
