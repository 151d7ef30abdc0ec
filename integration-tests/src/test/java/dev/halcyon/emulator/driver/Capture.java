package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_ISOLATION;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_MERGE;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Work of one or more streams on its way into a graph. */
final class Capture {
    private final Stream origin;
    private final int mode;
    private final Thread thread = Thread.currentThread();
    private final Graph graph;
    /** For each stream, the nodes that its next one waits for. */
    private final Map<Stream, Set<GraphNode>> frontiers = new LinkedHashMap<>();
    private boolean valid = true;

    Capture(Stream origin, int mode, Graph graph) {
        this.origin = origin;
        this.mode = mode;
        this.graph = graph;
        frontiers.put(origin, Set.of());
        origin.setCapture(this);
    }

    Stream origin() {
        return origin;
    }

    int mode() {
        return mode;
    }

    Thread thread() {
        return thread;
    }

    Graph graph() {
        return graph;
    }

    boolean isValid() {
        return valid;
    }

    /** Lets the capture come to nothing. */
    void invalidate() {
        valid = false;
    }

    /** Adds a node that waits for a stream's earlier ones. */
    void add(Stream stream, NodeWork work) {
        frontiers.put(stream, Set.of(graph.add(work, frontiers.get(stream))));
    }

    /** The nodes that a stream's next one would wait for. */
    Set<GraphNode> frontier(Stream stream) {
        return frontiers.get(stream);
    }

    /** Lets a stream's next node wait for some more; a stream that was not captured is from now on. */
    void join(Stream stream, Set<GraphNode> nodes) {
        if (stream.capture() != null && stream.capture() != this) {
            invalidate();
            stream.capture().invalidate();
            throw new DriverError(CUDA_ERROR_STREAM_CAPTURE_MERGE);
        }
        stream.setCapture(this);
        Set<GraphNode> all = new HashSet<>(frontiers.getOrDefault(stream, Set.of()));
        all.addAll(nodes);
        frontiers.put(stream, Set.copyOf(all));
    }

    /** A captured stream cannot wait for what is not captured. */
    void refuseWorkFromOutside() {
        invalidate();
        throw new DriverError(CUDA_ERROR_STREAM_CAPTURE_ISOLATION);
    }

    /** Ends the capture of its streams and gives the graph. */
    Graph end(Stream stream) {
        DriverError.unless(stream == origin, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED);
        DriverError.unless(mode == CU_STREAM_CAPTURE_MODE_RELAXED || thread == Thread.currentThread(),
                CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD);
        boolean joined = isJoined();
        drop();
        if (!valid || !joined) {
            graph.destroy();
        }
        DriverError.unless(valid, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
        DriverError.unless(joined, CUDA_ERROR_STREAM_CAPTURE_UNJOINED);
        return graph;
    }

    /** Sets the captured streams free. */
    void drop() {
        frontiers.keySet().forEach(stream -> stream.setCapture(null));
    }

    /** Whether the origin waits, perhaps by way of others, for the last nodes of all streams. */
    private boolean isJoined() {
        Set<GraphNode> reached = new HashSet<>();
        Deque<GraphNode> open = new ArrayDeque<>(frontiers.get(origin));
        while (!open.isEmpty()) {
            GraphNode node = open.remove();
            if (reached.add(node)) {
                open.addAll(node.dependencies());
            }
        }
        return frontiers.values().stream().allMatch(reached::containsAll);
    }
}
