package dev.halcyon.emulator.driver;

/** What a stream does in its turn, or a graph at each launch. */
interface Work {
    /**
     * Does it.
     *
     * @throws DriverError if it fails, which ends its context
     */
    void execute();

    /** The type of its node in a graph, a {@link jcuda.driver.CUgraphNodeType}. */
    int nodeType();
}
