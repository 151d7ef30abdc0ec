package dev.halcyon.cuda;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a multiprocessor of a generation of GPUs holds (CUDA C++ Programming Guide, technical specifications per compute
 * capability).
 */
enum Architecture {
    /** Turing: RTX 20, T4. */
    SM_75(32, 16, 64 << 10, 0),
    /** Ampere: A100. */
    SM_80(64, 32, 164 << 10, 1 << 10),
    /** Ampere: RTX 30, A10. */
    SM_86(48, 16, 100 << 10, 1 << 10),
    /** Ada: RTX 40, L4. */
    SM_89(48, 24, 100 << 10, 1 << 10),
    /** Hopper: H100, H200. */
    SM_90(64, 32, 228 << 10, 1 << 10),
    /** Blackwell: B200. */
    SM_100(64, 32, 228 << 10, 1 << 10),
    /** Blackwell: RTX 50. */
    SM_120(48, 24, 100 << 10, 1 << 10);

    private static final int LANES = 32;
    private static final int REGISTERS = 65536;
    /** Registers are given to a warp in portions of so many, to a block for a multiple of four warps. */
    private static final int REGISTER_PORTION = 256;
    private static final int WARP_PORTION = 4;
    private static final int SHARED_PORTION = 256;

    private final int warps;
    private final int blocks;
    private final int shared;
    private final int sharedOfSystem;

    Architecture(int warps, int blocks, int shared, int sharedOfSystem) {
        this.warps = warps;
        this.blocks = blocks;
        this.shared = shared;
        this.sharedOfSystem = sharedOfSystem;
    }

    /** The name by which compilers know it: {@code sm_80}. */
    String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The PTX that it is given. */
    String target() {
        return this == SM_75 ? "compute_75" : "compute_80";
    }

    /** The part of the warps that a multiprocessor can hold which it holds of a kernel, from 0 to 1. */
    double occupancy(int threads, int registers, int sharedBytes) {
        int warpsOfBlock = Math.ceilDiv(threads, LANES);
        int perWarp = roundUp(registers * LANES, REGISTER_PORTION);
        int byRegisters = REGISTERS / perWarp / WARP_PORTION * WARP_PORTION / warpsOfBlock;
        int perBlock = roundUp(sharedBytes + sharedOfSystem, SHARED_PORTION);
        int byShared = perBlock == 0 ? blocks : shared / perBlock;
        int resident = Arrays.stream(new int[] {blocks, warps / warpsOfBlock, byRegisters, byShared}).min().orElse(0);
        return (double) resident * warpsOfBlock / warps;
    }

    private static int roundUp(int value, int portion) {
        return Math.ceilDiv(value, portion) * portion;
    }
}
