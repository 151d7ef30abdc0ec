package dev.halcyon.emulator.driver;

import java.util.Set;

/** A piece of work in a graph. */
final class GraphNode {
    private final long handle;
    private final NodeWork work;
    private final Set<GraphNode> dependencies;

    GraphNode(long handle, NodeWork work, Set<GraphNode> dependencies) {
        this.handle = handle;
        this.work = work;
        this.dependencies = dependencies;
    }

    long handle() {
        return handle;
    }

    NodeWork work() {
        return work;
    }

    /** The nodes that it waits for; more may be added. */
    Set<GraphNode> dependencies() {
        return dependencies;
    }
}
