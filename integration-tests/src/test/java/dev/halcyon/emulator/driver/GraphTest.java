package dev.halcyon.emulator.driver;

import static dev.halcyon.emulator.driver.TestDevice.add;
import static dev.halcyon.emulator.driver.TestDevice.check;
import static dev.halcyon.emulator.driver.TestDevice.expect;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_KERNEL;
import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMCPY;
import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMSET;
import static jcuda.driver.CUmemorytype.CU_MEMORYTYPE_DEVICE;
import static jcuda.driver.CUresult.CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_HANDLE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static jcuda.driver.JCudaDriver.cuGraphAddDependencies;
import static jcuda.driver.JCudaDriver.cuGraphAddKernelNode;
import static jcuda.driver.JCudaDriver.cuGraphAddMemcpyNode;
import static jcuda.driver.JCudaDriver.cuGraphAddMemsetNode;
import static jcuda.driver.JCudaDriver.cuGraphCreate;
import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecKernelNodeSetParams;
import static jcuda.driver.JCudaDriver.cuGraphExecMemcpyNodeSetParams;
import static jcuda.driver.JCudaDriver.cuGraphExecMemsetNodeSetParams;
import static jcuda.driver.JCudaDriver.cuGraphGetNodes;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuGraphNodeGetDependencies;
import static jcuda.driver.JCudaDriver.cuGraphNodeGetType;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import jcuda.Pointer;
import jcuda.driver.CUDA_KERNEL_NODE_PARAMS;
import jcuda.driver.CUDA_MEMCPY3D;
import jcuda.driver.CUDA_MEMSET_NODE_PARAMS;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Graphs, captured and made by hand, run again and again and changed between. */
final class GraphTest {
    /** JCuda keeps the handles of graphs to itself, and lacks the function that updates one from another. */
    private static final class Executable extends CUgraphExec {
        long handle() {
            return getNativePointer();
        }
    }

    private static final class Template extends CUgraph {
        long handle() {
            return getNativePointer();
        }
    }

    private TestDevice device;
    private CUfunction add;
    private CUstream stream;
    private CUdeviceptr memory;

    @BeforeEach
    void start() {
        device = TestDevice.start(Settings.standard());
        add = device.function("add");
        stream = device.stream();
        memory = device.numbers(1);
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
        }
    }

    /** A graph of the launches that add numbers. */
    private Template capture(float... addends) {
        check(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        for (float addend : addends) {
            check(add(add, memory, addend, 1, stream));
        }
        return end();
    }

    private Template end() {
        Template graph = new Template();
        check(cuStreamEndCapture(stream, graph));
        return graph;
    }

    private static Executable instantiate(CUgraph graph) {
        Executable executable = new Executable();
        check(cuGraphInstantiate(executable, graph, 0));
        return executable;
    }

    private float run(CUgraphExec executable) {
        check(cuGraphLaunch(executable, stream));
        check(cuStreamSynchronize(stream));
        return device.read(memory, 1)[0];
    }

    private static CUgraphNode[] nodes(CUgraph graph) {
        long[] count = new long[1];
        check(cuGraphGetNodes(graph, null, count));
        CUgraphNode[] nodes = new CUgraphNode[(int) count[0]];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new CUgraphNode();
        }
        check(cuGraphGetNodes(graph, nodes, count));
        return nodes;
    }

    private static int type(CUgraphNode node) {
        int[] type = new int[1];
        check(cuGraphNodeGetType(node, type));
        return type[0];
    }

    @Test
    void aGraphRunsAtEachLaunch() {
        Template graph = capture(1, 10);
        CUgraphExec executable = instantiate(graph);
        check(cuGraphDestroy(graph));
        assertEquals(12, run(executable));
        assertTrue(device.gpu().launches().contains(new Launch.Graph(0, 2)));
        check(cuGraphLaunch(executable, stream));
        assertArrayEquals(new float[] {12}, device.read(memory, 1));
        assertEquals(34, run(executable));
        check(cuGraphExecDestroy(executable));
        expect(CUDA_ERROR_INVALID_HANDLE, cuGraphLaunch(executable, stream));
        assertEquals(0, device.gpu().alive().graphs());
        assertEquals(0, device.gpu().alive().executables());
    }

    @Test
    void capturedWorkBecomesNodesInOrder() {
        Pointer pinned = new Pointer();
        check(cuMemHostAlloc(pinned, 4, 0));
        FloatBuffer host = pinned.getByteBuffer(0, 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
        check(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        check(cuMemsetD32Async(memory, 0, 1, stream));
        check(cuMemcpyHtoDAsync(memory, pinned, 4, stream));
        check(add(add, memory, 1, 1, stream));
        Template graph = end();
        CUgraphNode[] nodes = nodes(graph);
        assertEquals(3, nodes.length);
        assertEquals(CU_GRAPH_NODE_TYPE_MEMSET, type(nodes[0]));
        assertEquals(CU_GRAPH_NODE_TYPE_MEMCPY, type(nodes[1]));
        assertEquals(CU_GRAPH_NODE_TYPE_KERNEL, type(nodes[2]));
        CUgraphNode[] dependencies = {new CUgraphNode()};
        check(cuGraphNodeGetDependencies(nodes[2], dependencies, new long[] {1}));
        assertEquals(nodes[1], dependencies[0]);
        CUgraphExec executable = instantiate(graph);
        host.put(0, 5);
        assertEquals(6, run(executable));
        host.put(0, 7);
        assertEquals(8, run(executable));
    }

    @Test
    void parametersOfANodeCanBeChanged() {
        Template graph = capture(1, 10);
        CUgraphExec executable = instantiate(graph);
        check(cuGraphExecKernelNodeSetParams(executable, nodes(graph)[1], addition(100)));
        assertEquals(102, run(executable));
        assertEquals(113, run(instantiate(graph)));
        expect(CUDA_ERROR_INVALID_VALUE, cuGraphExecMemsetNodeSetParams(executable, nodes(graph)[1], zeros(),
                device.context()));
    }

    private CUDA_KERNEL_NODE_PARAMS addition(float addend) {
        CUDA_KERNEL_NODE_PARAMS parameters = new CUDA_KERNEL_NODE_PARAMS();
        parameters.func = add;
        parameters.gridDimX = 1;
        parameters.gridDimY = 1;
        parameters.gridDimZ = 1;
        parameters.blockDimX = 32;
        parameters.blockDimY = 1;
        parameters.blockDimZ = 1;
        parameters.kernelParams = TestDevice.addParameters(memory, addend, 1);
        return parameters;
    }

    private CUDA_MEMSET_NODE_PARAMS zeros() {
        CUDA_MEMSET_NODE_PARAMS parameters = new CUDA_MEMSET_NODE_PARAMS();
        parameters.dst = memory;
        parameters.elementSize = 4;
        parameters.width = 1;
        parameters.height = 1;
        return parameters;
    }

    @Test
    void nodesRunAfterThoseTheyDependOn() {
        CUgraph graph = new CUgraph();
        check(cuGraphCreate(graph, 0));
        CUgraphNode sum = new CUgraphNode();
        CUgraphNode zero = new CUgraphNode();
        check(cuGraphAddKernelNode(sum, graph, null, 0, addition(3)));
        check(cuGraphAddMemsetNode(zero, graph, null, 0, zeros(), device.context()));
        check(cuGraphAddDependencies(graph, new CUgraphNode[] {zero}, new CUgraphNode[] {sum}, 1));
        assertEquals(3, run(instantiate(graph)));
        check(cuGraphAddDependencies(graph, new CUgraphNode[] {sum}, new CUgraphNode[] {zero}, 1));
        expect(CUDA_ERROR_INVALID_VALUE, cuGraphInstantiate(new CUgraphExec(), graph, 0));
    }

    @Test
    void aGraphOfTheSameFormUpdatesAnExecutable() {
        Executable executable = instantiate(capture(1, 10));
        check(update(executable, capture(2, 20), 0));
        assertEquals(23, run(executable));
        expect(CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE, update(executable, capture(1, 2, 3), 2));
        check(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        check(cuMemsetD32Async(memory, 0, 1, stream));
        check(add(add, memory, 1, 1, stream));
        expect(CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE, update(executable, end(), 3));
        assertEquals(45, run(executable));
    }

    @Test
    void aCopyKeepsItsDirection() {
        Pointer pinned = new Pointer();
        check(cuMemHostAlloc(pinned, 4, 0));
        check(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        check(cuMemcpyHtoDAsync(memory, pinned, 4, stream));
        Executable executable = instantiate(end());
        check(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        check(cuMemcpyDtoHAsync(pinned, memory, 4, stream));
        expect(CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE, update(executable, end(), 5));
    }

    /** Updates, and expects a value of {@code CUgraphExecUpdateResult}. */
    private static int update(Executable executable, Template graph, int expected) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(3 * Long.BYTES, Long.BYTES);
            int status = new DriverFunction("cuGraphExecUpdate_v2").call(executable.handle(), graph.handle(), result);
            assertEquals(expected, result.get(JAVA_INT, 0));
            return status;
        }
    }

    @Test
    void copiesCanBeNodes() {
        CUdeviceptr source = device.numbers(5, 6, 7);
        CUgraph graph = new CUgraph();
        check(cuGraphCreate(graph, 0));
        CUgraphNode copy = new CUgraphNode();
        check(cuGraphAddMemcpyNode(copy, graph, null, 0, copy(source, 4), device.context()));
        Executable executable = instantiate(graph);
        assertEquals(6, run(executable));
        check(cuGraphExecMemcpyNodeSetParams(executable, copy, copy(source, 8), device.context()));
        assertEquals(7, run(executable));
    }

    /** A copy of one number to the memory of the test. */
    private CUDA_MEMCPY3D copy(CUdeviceptr source, long offset) {
        CUDA_MEMCPY3D parameters = new CUDA_MEMCPY3D();
        parameters.srcMemoryType = CU_MEMORYTYPE_DEVICE;
        parameters.srcDevice = source;
        parameters.srcXInBytes = offset;
        parameters.dstMemoryType = CU_MEMORYTYPE_DEVICE;
        parameters.dstDevice = memory;
        parameters.WidthInBytes = 4;
        parameters.Height = 1;
        parameters.Depth = 1;
        return parameters;
    }
}
