package dev.halcyon.emulator.driver;

import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_GRAPH;

import java.util.List;

/**
 * One run of a graph.
 *
 * @param works of its nodes, in order
 */
record GraphLaunch(Driver driver, Device device, List<NodeWork> works) implements NodeWork {
    @Override
    public void execute() {
        driver.record(new Launch.Graph(device.ordinal(), works.size()));
        works.forEach(Work::execute);
    }

    @Override
    public int nodeType() {
        return CU_GRAPH_NODE_TYPE_GRAPH;
    }
}
