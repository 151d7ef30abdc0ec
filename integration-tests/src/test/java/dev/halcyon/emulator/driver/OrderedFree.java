package dev.halcyon.emulator.driver;

/** Frees memory in the order of a stream. */
record OrderedFree(Device device, long address) implements Work {
    /** CU_GRAPH_NODE_TYPE_MEM_FREE, which JCuda does not name. */
    private static final int NODE_TYPE = 11;

    @Override
    public void execute() {
        device.free(address);
    }

    @Override
    public int nodeType() {
        return NODE_TYPE;
    }
}
