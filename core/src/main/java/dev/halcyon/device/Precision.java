package dev.halcyon.device;

import java.util.Locale;

/** How exactly products and convolutions of float32 tensors are computed. Sums are float32 in each. */
public enum Precision {
    /** Factors are taken as they are: 24 bits of significand. */
    FP32,
    /** Factors are rounded to TF32: the range of float32, 11 bits of significand. */
    TF32,
    /** Factors are rounded to bfloat16: the range of float32, 8 bits of significand. */
    BF16;

    /** As options and recipes give it: {@code fp32}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
