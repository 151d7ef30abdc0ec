package dev.halcyon.emulator.execution;

/** A state space as one instruction uses it: every access is checked and counted. */
interface Memory {
    /**
     * Loads into registers.
     *
     * @param lanes those that take part, at least one
     * @param at the address of each lane
     */
    void load(Warp warp, int lanes, long[] at, Transfer transfer);

    /** Stores registers. */
    void store(Warp warp, int lanes, long[] at, Transfer transfer);

    /** Replaces numbers in memory, lane after lane. */
    void update(Warp warp, int lanes, long[] at, Update update);
}
