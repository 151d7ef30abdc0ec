package dev.halcyon.emulator.execution;

/** Loops over lanes of frequent integer instructions of 64 bits. */
final class WideLoops {
    static final LaneLoop COPY = (r, q, d, a, b, c) -> System.arraycopy(q, a, q, d, Warp.LANES);

    static final LaneLoop ADD = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = q[a + i] + q[b + i];
        }
    };

    static final LaneLoop SUBTRACT = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = q[a + i] - q[b + i];
        }
    };

    static final LaneLoop MULTIPLY = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = q[a + i] * q[b + i];
        }
    };

    static final LaneLoop MULTIPLY_ADD = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = q[a + i] * q[b + i] + q[c + i];
        }
    };

    static final LaneLoop MULTIPLY_WORDS = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = (long) r[a + i] * r[b + i];
        }
    };

    static final LaneLoop MULTIPLY_UNSIGNED_WORDS = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = (r[a + i] & 0xffffffffL) * (r[b + i] & 0xffffffffL);
        }
    };

    static final LaneLoop MULTIPLY_ADD_WORDS = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = (long) r[a + i] * r[b + i] + q[c + i];
        }
    };

    static final LaneLoop MULTIPLY_ADD_UNSIGNED_WORDS = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = (r[a + i] & 0xffffffffL) * (r[b + i] & 0xffffffffL) + q[c + i];
        }
    };

    static final LaneLoop AND = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = q[a + i] & q[b + i];
        }
    };

    static final LaneLoop OR = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = q[a + i] | q[b + i];
        }
    };

    static final LaneLoop XOR = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            q[d + i] = q[a + i] ^ q[b + i];
        }
    };

    static final LaneLoop SHIFT_LEFT = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            int amount = r[b + i];
            q[d + i] = (amount & -64) == 0 ? q[a + i] << amount : 0;
        }
    };

    static final LaneLoop SHIFT_RIGHT = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            int amount = r[b + i];
            q[d + i] = q[a + i] >> ((amount & -64) == 0 ? amount : 63);
        }
    };

    static final LaneLoop SHIFT_RIGHT_UNSIGNED = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            int amount = r[b + i];
            q[d + i] = (amount & -64) == 0 ? q[a + i] >>> amount : 0;
        }
    };

    private WideLoops() {
    }
}
