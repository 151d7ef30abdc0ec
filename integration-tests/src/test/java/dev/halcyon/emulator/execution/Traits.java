package dev.halcyon.emulator.execution;

/** What the instructions of a kernel have in them that matters for how it is run. */
final class Traits {
    private static final int WORD = 4;

    private int granule = WORD;
    private boolean ordersBlocks;

    /** It writes numbers of so many bytes that may be in shared memory. */
    void writesShared(int bytes) {
        granule = Math.min(granule, bytes);
    }

    /** Its blocks may see what others do. */
    void ordersBlocks() {
        ordersBlocks = true;
    }

    int granule() {
        return granule;
    }

    boolean blocksAreOrdered() {
        return ordersBlocks;
    }
}
