package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An instantiated graph: its work as it was then, or was set since. */
final class ExecutableGraph {
    /** What an update found; the values of {@code CUgraphExecUpdateResult}. */
    enum Update {
        SUCCESS, ERROR, TOPOLOGY_CHANGED, NODE_TYPE_CHANGED, FUNCTION_CHANGED, PARAMETERS_CHANGED
    }

    private final long handle;
    private final Map<GraphNode, Integer> places = new HashMap<>();
    private final List<NodeWork> works = new ArrayList<>();
    private final List<List<Integer>> dependencies;

    ExecutableGraph(long handle, Graph graph) {
        this.handle = handle;
        List<GraphNode> order = graph.inOrder();
        order.forEach(node -> {
            places.put(node, works.size());
            works.add(node.work());
        });
        dependencies = dependencies(order);
    }

    long handle() {
        return handle;
    }

    /** All of it, one after the other, with the parameters of now. */
    GraphLaunch launch(Driver driver, Device device) {
        return new GraphLaunch(driver, device, List.copyOf(works));
    }

    /** Other parameters for a node of the graph that this was made of. */
    void set(GraphNode node, NodeWork work) {
        Integer place = places.get(node);
        DriverError.unless(place != null && works.get(place).nodeType() == work.nodeType()
                && isOfSameKind(work, works.get(place)), CUDA_ERROR_INVALID_VALUE);
        works.set(place, work);
    }

    /** Takes over the parameters of a graph of the same form; otherwise changes nothing. */
    Update update(Graph graph) {
        List<GraphNode> order = graph.inOrder();
        if (order.size() != works.size() || !dependencies(order).equals(dependencies)) {
            return Update.TOPOLOGY_CHANGED;
        }
        for (int i = 0; i < works.size(); i++) {
            if (order.get(i).work().nodeType() != works.get(i).nodeType()) {
                return Update.NODE_TYPE_CHANGED;
            }
            if (!isOfSameKind(order.get(i).work(), works.get(i))) {
                return Update.PARAMETERS_CHANGED;
            }
        }
        for (int i = 0; i < works.size(); i++) {
            works.set(i, order.get(i).work());
        }
        return Update.SUCCESS;
    }

    /** A copy cannot get another direction, nor any work another device. */
    private static boolean isOfSameKind(NodeWork work, NodeWork before) {
        return switch (work) {
            case Transfer copy -> before instanceof Transfer other && copy.direction() == other.direction()
                    && copy.device() == other.device();
            case DeviceCopy copy -> before instanceof DeviceCopy other && copy.source() == other.source()
                    && copy.target() == other.target();
            case Fill fill -> before instanceof Fill other && fill.device() == other.device();
            default -> true;
        };
    }

    private static List<List<Integer>> dependencies(List<GraphNode> order) {
        return order.stream()
                .map(node -> node.dependencies().stream().map(order::indexOf).sorted().toList())
                .toList();
    }
}
