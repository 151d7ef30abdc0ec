package dev.halcyon.emulator.execution;

/**
 * How a kernel is launched: blocks in the grid, threads in a block, and bytes of dynamic shared memory.
 */
public record LaunchShape(int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int dynamicSharedBytes) {
    /** One-dimensional grid and blocks, without dynamic shared memory. */
    public static LaunchShape of(int grid, int block) {
        return new LaunchShape(grid, 1, 1, block, 1, 1, 0);
    }

    /** Threads of a block. */
    public int threads() {
        return Math.multiplyExact(Math.multiplyExact(blockX, blockY), blockZ);
    }

    /** Blocks of the grid. */
    public long blocks() {
        return Math.multiplyExact((long) gridX, Math.multiplyExact((long) gridY, (long) gridZ));
    }

    @Override
    public String toString() {
        return "grid %d×%d×%d, block %d×%d×%d, %d bytes of dynamic shared memory".formatted(gridX, gridY, gridZ, blockX,
                blockY, blockZ, dynamicSharedBytes);
    }
}
