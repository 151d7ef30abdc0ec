package dev.halcyon.emulator.execution;

import java.util.Arrays;
import java.util.Locale;

/** The registers that hardware fills in. */
enum SpecialRegister {
    TID_X, TID_Y, TID_Z, NTID_X, NTID_Y, NTID_Z, CTAID_X, CTAID_Y, CTAID_Z, NCTAID_X, NCTAID_Y, NCTAID_Z, LANEID,
    WARPID, NWARPID, LANEMASK_EQ, LANEMASK_LE, LANEMASK_LT, LANEMASK_GE, LANEMASK_GT, TOTAL_SMEM_SIZE,
    DYNAMIC_SMEM_SIZE;

    /**
     * Where a kernel keeps one.
     *
     * @param base where the register begins among the words
     */
    record Row(SpecialRegister register, int base) {
        void fill(int[] words, Warp warp) {
            for (int lane = 0; lane < Warp.LANES; lane++) {
                words[base + lane] = register.value(warp, lane);
            }
        }
    }

    /** The register of that name, which begins with %; null if there is none, or it is not one that tests can rely on. */
    static SpecialRegister named(String name) {
        return Arrays.stream(values()).filter(register -> register.ptxName().equals(name)).findFirst().orElse(null);
    }

    private String ptxName() {
        String name = "%" + name().toLowerCase(Locale.ROOT);
        return this.compareTo(LANEID) < 0 ? name.replace('_', '.') : name;
    }

    boolean differsBetweenBlocks() {
        return this == CTAID_X || this == CTAID_Y || this == CTAID_Z;
    }

    private int value(Warp warp, int lane) {
        LaunchShape shape = warp.block.launch.shape();
        int thread = warp.firstThread() + lane;
        return switch (this) {
            case TID_X -> thread % shape.blockX();
            case TID_Y -> thread / shape.blockX() % shape.blockY();
            case TID_Z -> thread / shape.blockX() / shape.blockY();
            case NTID_X -> shape.blockX();
            case NTID_Y -> shape.blockY();
            case NTID_Z -> shape.blockZ();
            case CTAID_X -> warp.block.x();
            case CTAID_Y -> warp.block.y();
            case CTAID_Z -> warp.block.z();
            case NCTAID_X -> shape.gridX();
            case NCTAID_Y -> shape.gridY();
            case NCTAID_Z -> shape.gridZ();
            case LANEID -> lane;
            case WARPID -> warp.number;
            case NWARPID -> (shape.threads() + Warp.LANES - 1) / Warp.LANES;
            case LANEMASK_EQ -> 1 << lane;
            case LANEMASK_LT -> (1 << lane) - 1;
            case LANEMASK_LE -> (2 << lane) - 1;
            case LANEMASK_GE -> -(1 << lane);
            case LANEMASK_GT -> -(1 << lane) << 1;
            case TOTAL_SMEM_SIZE -> warp.block.launch.code().sharedBytes() + shape.dynamicSharedBytes();
            case DYNAMIC_SMEM_SIZE -> shape.dynamicSharedBytes();
        };
    }
}
