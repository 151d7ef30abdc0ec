package dev.halcyon.emulator.execution;

/** Loops over lanes of frequent integer instructions of 32 bits. */
final class WordLoops {
    static final LaneLoop COPY = (r, q, d, a, b, c) -> System.arraycopy(r, a, r, d, Warp.LANES);

    static final LaneLoop ADD = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = r[a + i] + r[b + i];
        }
    };

    static final LaneLoop SUBTRACT = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = r[a + i] - r[b + i];
        }
    };

    static final LaneLoop MULTIPLY = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = r[a + i] * r[b + i];
        }
    };

    static final LaneLoop MULTIPLY_ADD = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = r[a + i] * r[b + i] + r[c + i];
        }
    };

    static final LaneLoop MULTIPLY_HIGH = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = (int) ((long) r[a + i] * r[b + i] >> 32);
        }
    };

    static final LaneLoop MULTIPLY_HIGH_UNSIGNED = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = (int) ((r[a + i] & 0xffffffffL) * (r[b + i] & 0xffffffffL) >>> 32);
        }
    };

    static final LaneLoop MIN = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Math.min(r[a + i], r[b + i]);
        }
    };

    static final LaneLoop MAX = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = Math.max(r[a + i], r[b + i]);
        }
    };

    static final LaneLoop AND = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = r[a + i] & r[b + i];
        }
    };

    static final LaneLoop OR = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = r[a + i] | r[b + i];
        }
    };

    static final LaneLoop XOR = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            r[d + i] = r[a + i] ^ r[b + i];
        }
    };

    static final LaneLoop SHIFT_LEFT = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            int amount = r[b + i];
            r[d + i] = (amount & -32) == 0 ? r[a + i] << amount : 0;
        }
    };

    static final LaneLoop SHIFT_RIGHT = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            int amount = r[b + i];
            r[d + i] = r[a + i] >> ((amount & -32) == 0 ? amount : 31);
        }
    };

    static final LaneLoop SHIFT_RIGHT_UNSIGNED = (r, q, d, a, b, c) -> {
        for (int i = 0; i < Warp.LANES; i++) {
            int amount = r[b + i];
            r[d + i] = (amount & -32) == 0 ? r[a + i] >>> amount : 0;
        }
    };

    private WordLoops() {
    }
}
