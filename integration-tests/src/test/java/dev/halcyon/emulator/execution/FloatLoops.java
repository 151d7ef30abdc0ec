package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Float32;

/** Loops over lanes of frequent float32 instructions, rounded to the nearest, with subnormal numbers. */
final class FloatLoops {
    static final LaneLoop ADD = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Float32.bits(Float.intBitsToFloat(r[a + i]) + Float.intBitsToFloat(r[b + i]));
        }
    };

    static final LaneLoop SUBTRACT = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Float32.bits(Float.intBitsToFloat(r[a + i]) - Float.intBitsToFloat(r[b + i]));
        }
    };

    static final LaneLoop MULTIPLY = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Float32.bits(Float.intBitsToFloat(r[a + i]) * Float.intBitsToFloat(r[b + i]));
        }
    };

    static final LaneLoop MULTIPLY_ADD = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Float32.bits(Math.fma(Float.intBitsToFloat(r[a + i]), Float.intBitsToFloat(r[b + i]),
                    Float.intBitsToFloat(r[c + i])));
        }
    };

    static final LaneLoop DIVIDE = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Float32.bits(Float.intBitsToFloat(r[a + i]) / Float.intBitsToFloat(r[b + i]));
        }
    };

    static final LaneLoop MAX = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Float32.bits(Float32.max(Float.intBitsToFloat(r[a + i]), Float.intBitsToFloat(r[b + i])));
        }
    };

    static final LaneLoop MIN = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Float32.bits(Float32.min(Float.intBitsToFloat(r[a + i]), Float.intBitsToFloat(r[b + i])));
        }
    };

    private FloatLoops() {
    }
}
