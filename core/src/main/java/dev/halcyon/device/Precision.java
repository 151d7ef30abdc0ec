package dev.halcyon.device;

import dev.halcyon.tensor.DataType;
import java.util.Locale;

/**
 * How exactly a network computes. Parameters, their gradients, statistics, sums and losses are float32 in each, and so
 * is what is saved: a network may go on in another precision.
 */
public enum Precision {
    /** Everything in float32: 24 bits of significand. */
    FP32,
    /** Factors of products and convolutions are rounded to TF32: the range of float32, 11 bits of significand. */
    TF32,
    /**
     * Activations and their gradients are stored in bfloat16, and factors of products and convolutions are rounded to it:
     * the range of float32, 8 bits of significand, half the memory (Micikevicius et al. 2018; Kalamkar et al. 2019).
     */
    BF16;

    /** The type in which activations are stored. */
    public DataType activations() {
        return this == BF16 ? DataType.BFLOAT16 : DataType.FLOAT32;
    }

    /** As options and recipes give it: {@code fp32}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
