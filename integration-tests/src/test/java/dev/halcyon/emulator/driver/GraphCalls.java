package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static jcuda.driver.CUresult.CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Graphs. */
final class GraphCalls {
    private final Driver driver;
    private final NodeParameters parameters;

    GraphCalls(Driver driver) {
        this.driver = driver;
        parameters = new NodeParameters(driver);
    }

    void addTo(Functions functions) {
        functions.add("cuGraphCreate", a -> a.setInt64(0, new Graph(driver.handles()).handle()));
        functions.add("cuGraphDestroy", a -> graph(a.int64(0)).destroy());
        functions.add("cuGraphAddKernelNode_v2", a -> add(a, parameters.kernel(a.pointer(4))));
        functions.add("cuGraphAddMemcpyNode", a -> add(a, parameters.copy(a.pointer(4))));
        functions.add("cuGraphAddMemsetNode", a -> add(a, parameters.fill(a.pointer(4))));
        functions.add("cuGraphAddEmptyNode", a -> add(a, new Nothing()));
        functions.add("cuGraphAddDependencies", this::addDependencies);
        functions.add("cuGraphGetNodes", this::nodes);
        functions.add("cuGraphNodeGetType", a -> a.setInt32(1, node(a.int64(0)).work().nodeType()));
        functions.add("cuGraphNodeGetDependencies",
                a -> list(a.int64(1), a.pointer(2), node(a.int64(0)).dependencies()));
        functions.add("cuGraphInstantiateWithFlags", this::instantiate);
        functions.add("cuGraphExecUpdate_v2", this::update);
        functions.add("cuGraphExecKernelNodeSetParams_v2",
                a -> executable(a).set(node(a.int64(1)), parameters.kernel(a.pointer(2))));
        functions.add("cuGraphExecMemcpyNodeSetParams",
                a -> executable(a).set(node(a.int64(1)), parameters.copy(a.pointer(2))));
        functions.add("cuGraphExecMemsetNodeSetParams",
                a -> executable(a).set(node(a.int64(1)), parameters.fill(a.pointer(2))));
        functions.add("cuGraphLaunch", this::launch);
        functions.add("cuGraphUpload", a -> driver.stream(a.int64(1)).submit(new Nothing()));
        functions.add("cuGraphExecDestroy", a -> driver.handles().remove(executable(a).handle()));
    }

    private Graph graph(long handle) {
        return driver.handles().get(handle, Graph.class);
    }

    private GraphNode node(long handle) {
        return driver.handles().get(handle, GraphNode.class);
    }

    private ExecutableGraph executable(Arguments a) {
        return driver.handles().get(a.int64(0), ExecutableGraph.class);
    }

    /** Adds a node: its handle goes to argument 0, the graph is 1, the nodes it waits for are 2, their number 3. */
    private void add(Arguments a, NodeWork work) {
        a.setInt64(0, graph(a.int64(1)).add(work, nodesAt(a.int64(2), a.int64(3))).handle());
    }

    private Set<GraphNode> nodesAt(long array, long count) {
        Set<GraphNode> nodes = new HashSet<>();
        for (long i = 0; i < count; i++) {
            nodes.add(node(HostMemory.ALL.get(JAVA_LONG, array + i * Long.BYTES)));
        }
        return nodes;
    }

    private void addDependencies(Arguments a) {
        Graph graph = graph(a.int64(0));
        for (long i = 0; i < a.int64(3); i++) {
            GraphNode from = node(HostMemory.ALL.get(JAVA_LONG, a.pointer(1) + i * Long.BYTES));
            GraphNode to = node(HostMemory.ALL.get(JAVA_LONG, a.pointer(2) + i * Long.BYTES));
            DriverError.unless(graph.nodes().containsAll(List.of(from, to)) && to.dependencies().add(from),
                    CUDA_ERROR_INVALID_VALUE);
        }
    }

    private void nodes(Arguments a) {
        list(a.int64(1), a.pointer(2), graph(a.int64(0)).nodes());
    }

    /** Writes handles into an array, 0 if there is none, and how many into what was the array's size. */
    private static void list(long array, long size, Collection<GraphNode> nodes) {
        if (array != 0) {
            long room = HostMemory.ALL.get(JAVA_LONG, size);
            long place = array;
            for (GraphNode node : nodes.stream().limit(room).toList()) {
                HostMemory.ALL.set(JAVA_LONG, place, node.handle());
                place += Long.BYTES;
            }
        }
        HostMemory.ALL.set(JAVA_LONG, size, nodes.size());
    }

    private void instantiate(Arguments a) {
        driver.context();
        driver.countAllocation();
        ExecutableGraph made = new ExecutableGraph(driver.handles().reserve(), graph(a.int64(1)));
        driver.handles().put(made.handle(), made);
        a.setInt64(0, made.handle());
    }

    private void launch(Arguments a) {
        Stream stream = driver.stream(a.int64(1));
        stream.submit(executable(a).launch(driver, stream.context().device()));
    }

    /** Argument 2 is a result and two nodes that tell where the graphs differ, which are left null here. */
    private void update(Arguments a) {
        driver.context();
        ExecutableGraph.Update update = driver.settings().failures().updates()
                ? ExecutableGraph.Update.PARAMETERS_CHANGED
                : executable(a).update(graph(a.int64(1)));
        long result = a.pointer(2);
        HostMemory.ALL.set(JAVA_INT, result, update.ordinal());
        HostMemory.ALL.set(JAVA_LONG, result + Long.BYTES, 0);
        HostMemory.ALL.set(JAVA_LONG, result + 2 * Long.BYTES, 0);
        DriverError.unless(update == ExecutableGraph.Update.SUCCESS, CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE);
    }
}
