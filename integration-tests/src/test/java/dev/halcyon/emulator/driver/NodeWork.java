package dev.halcyon.emulator.driver;

/** Work that can be a node of a graph. */
interface NodeWork extends Work {
    /** The node's type, a {@link jcuda.driver.CUgraphNodeType}. */
    int nodeType();
}
