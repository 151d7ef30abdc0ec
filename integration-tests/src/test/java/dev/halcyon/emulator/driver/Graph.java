package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Pieces of work and which of them wait for which. */
final class Graph {
    private final Handles handles;
    private final long handle;
    private final List<GraphNode> nodes = new ArrayList<>();

    Graph(Handles handles) {
        this.handles = handles;
        this.handle = handles.reserve();
        handles.put(handle, this);
    }

    long handle() {
        return handle;
    }

    /** The nodes in the order they were added. */
    List<GraphNode> nodes() {
        return nodes;
    }

    /** Adds a node that waits for others of this graph. */
    GraphNode add(NodeWork work, Set<GraphNode> dependencies) {
        DriverError.unless(nodes.containsAll(dependencies), CUDA_ERROR_INVALID_VALUE);
        GraphNode node = new GraphNode(handles.reserve(), work, new HashSet<>(dependencies));
        handles.put(node.handle(), node);
        nodes.add(node);
        return node;
    }

    /** The nodes in an order in which each comes after all it waits for, otherwise as they were added. */
    List<GraphNode> inOrder() {
        Set<GraphNode> placed = new HashSet<>();
        List<GraphNode> left = new ArrayList<>(nodes);
        List<GraphNode> order = new ArrayList<>();
        while (!left.isEmpty()) {
            int before = order.size();
            for (GraphNode node : left) {
                if (placed.containsAll(node.dependencies())) {
                    placed.add(node);
                    order.add(node);
                }
            }
            DriverError.unless(order.size() > before, CUDA_ERROR_INVALID_VALUE); // a circle
            left.removeAll(placed);
        }
        return order;
    }

    /** Takes the graph's handles back. */
    void destroy() {
        nodes.forEach(node -> handles.remove(node.handle()));
        handles.remove(handle);
    }
}
