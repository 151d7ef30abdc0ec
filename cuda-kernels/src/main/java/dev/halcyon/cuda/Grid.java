package dev.halcyon.cuda;

/**
 * How many threads a kernel is started with: x · y · z blocks of {@code block} threads in one dimension.
 *
 * @param x blocks, at least 1
 * @param y blocks, 1 to 65535
 * @param z blocks, 1 to 65535
 * @param block threads of a block, 1 to 1024
 * @param sharedBytes dynamic shared memory of a block
 */
record Grid(int x, int y, int z, int block, int sharedBytes) {
    /** As many blocks as give every element a thread; kernels that stride over the grid may be given fewer. */
    static Grid of(long elements, int block) {
        return new Grid(Math.toIntExact(Math.max(1, Math.ceilDiv(elements, block))), 1, 1, block, 0);
    }

    /** The same with at most that many blocks along x. */
    Grid atMost(int blocks) {
        return new Grid(Math.min(x, blocks), y, z, block, sharedBytes);
    }

    /** {@code grid 12 x 1 x 1, block 256, 0 bytes of dynamic shared memory}. */
    @Override
    public String toString() {
        return "grid " + x + " x " + y + " x " + z + ", block " + block + ", " + sharedBytes
                + " bytes of dynamic shared memory";
    }
}
