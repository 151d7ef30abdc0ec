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
        SUCCESS, ERROR, TOPOLOGY_CHANGED, NODE_TYPE_CHANGED
    }

    private final long handle;
    private final Map<GraphNode, Integer> places = new HashMap<>();
    private final List<Work> works = new ArrayList<>();
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
    Work launch(Driver driver, Device device) {
        return new GraphLaunch(driver, device, List.copyOf(works));
    }

    /** Other parameters for a node of the graph that this was made of. */
    void set(GraphNode node, Work work) {
        Integer place = places.get(node);
        DriverError.unless(place != null && works.get(place).getClass() == work.getClass(), CUDA_ERROR_INVALID_VALUE);
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
        }
        for (int i = 0; i < works.size(); i++) {
            works.set(i, order.get(i).work());
        }
        return Update.SUCCESS;
    }

    private static List<List<Integer>> dependencies(List<GraphNode> order) {
        return order.stream()
                .map(node -> node.dependencies().stream().map(order::indexOf).sorted().toList())
                .toList();
    }
}
