package dev.halcyon.emulator.driver;

import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_EMPTY;

/** Work that only waits and is waited for. */
record Nothing() implements NodeWork {
    @Override
    public void execute() {
        // that is all
    }

    @Override
    public int nodeType() {
        return CU_GRAPH_NODE_TYPE_EMPTY;
    }
}
