package dev.halcyon.emulator.execution;

/** What an instruction does, with its operands resolved. It keeps nothing between executions. */
interface Operation {
    /** Carries the instruction out for the lanes whose bits are set; there is at least one. */
    void execute(Warp warp, int lanes);

    /** Floating-point operations of each lane. */
    default int floatOperations() {
        return 0;
    }
}
