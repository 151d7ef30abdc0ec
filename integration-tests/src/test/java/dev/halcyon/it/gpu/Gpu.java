package dev.halcyon.it.gpu;

import dev.halcyon.device.Precision;

/**
 * What a GPU can do at most, by its data sheet.
 *
 * @param terabytes that its memory moves in a second
 * @param fp32 10¹² operations in a second in float32 arithmetic
 * @param tf32 on tensor cores, of float32 rounded to TF32
 * @param bf16 on tensor cores, of bfloat16 with float32 sums
 */
record Gpu(String name, double terabytes, double fp32, double tf32, double bf16) {
    static final Gpu H100 = new Gpu("H100", 3.35, 67, 495, 990);
    static final Gpu RTX_4090 = new Gpu("RTX 4090", 1.01, 82.6, 82.6, 165);

    /** The least time of a launch in microseconds: that of its bytes or of its operations, whichever is longer. */
    double microseconds(Cost cost, Precision precision) {
        double peak = switch (precision) {
            case FP32 -> fp32;
            case TF32 -> tf32;
            case BF16 -> bf16;
        };
        return Math.max(cost.bytes() / terabytes, cost.flops() / peak) / 1e6;
    }
}
