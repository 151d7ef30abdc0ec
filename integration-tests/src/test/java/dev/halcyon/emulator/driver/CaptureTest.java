package dev.halcyon.emulator.driver;

import static dev.halcyon.emulator.driver.TestDevice.add;
import static dev.halcyon.emulator.driver.TestDevice.check;
import static dev.halcyon.emulator.driver.TestDevice.expect;
import static jcuda.driver.CUresult.CUDA_ERROR_CAPTURED_EVENT;
import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_STATE;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_SUPPORTED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_ISOLATION;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static jcuda.driver.CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_ACTIVE;
import static jcuda.driver.CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_INVALIDATED;
import static jcuda.driver.CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_NONE;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventQuery;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemAllocAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamIsCapturing;
import static jcuda.driver.JCudaDriver.cuStreamQuery;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is captured of a stream is not done, and what a capture forbids ends it. */
final class CaptureTest {
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

    private void begin(int mode) {
        check(cuStreamBeginCapture(stream, mode));
    }

    private static int status(CUstream stream) {
        int[] status = new int[1];
        check(cuStreamIsCapturing(stream, status));
        return status[0];
    }

    /** Calls in a thread of its own, with the context current. */
    private int elsewhere(IntSupplier call) {
        return CompletableFuture.supplyAsync(() -> {
            check(cuCtxSetCurrent(device.context()));
            return call.getAsInt();
        }).join();
    }

    private static CUevent event() {
        CUevent event = new CUevent();
        check(cuEventCreate(event, 0));
        return event;
    }

    @Test
    void whatIsCapturedIsNotDone() {
        assertEquals(CU_STREAM_CAPTURE_STATUS_NONE, status(stream));
        begin(CU_STREAM_CAPTURE_MODE_GLOBAL);
        assertEquals(CU_STREAM_CAPTURE_STATUS_ACTIVE, status(stream));
        expect(CUDA_ERROR_ILLEGAL_STATE, cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
        check(add(add, memory, 1, 1, stream));
        CUgraph graph = new CUgraph();
        check(cuStreamEndCapture(stream, graph));
        assertEquals(CU_STREAM_CAPTURE_STATUS_NONE, status(stream));
        check(cuCtxSynchronize());
        assertArrayEquals(new float[] {1}, device.read(memory, 1));
        assertEquals(1, device.gpu().alive().graphs());
    }

    @Test
    void waitingForACapturedStreamEndsTheCapture() {
        assertEnds(() -> cuStreamSynchronize(stream));
        assertEnds(() -> cuStreamQuery(stream));
        assertEnds(() -> cuCtxSynchronize());
    }

    @Test
    void callsThatMayWaitEndTheCapture() {
        assertEnds(() -> cuMemAlloc(new CUdeviceptr(), 4));
        assertEnds(() -> cuMemcpyHtoDAsync(memory, Pointer.to(new float[1]), 4, stream)); // not pinned
        begin(CU_STREAM_CAPTURE_MODE_RELAXED);
        check(cuMemAlloc(new CUdeviceptr(), 4));
        check(cuStreamEndCapture(stream, new CUgraph()));
    }

    private void assertEnds(IntSupplier call) {
        begin(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        expect(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, call.getAsInt());
        assertEquals(CU_STREAM_CAPTURE_STATUS_INVALIDATED, status(stream));
        expect(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, add(add, memory, 1, 1, stream));
        CUgraph graph = new CUgraph();
        expect(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(stream, graph));
        assertEquals(CU_STREAM_CAPTURE_STATUS_NONE, status(stream));
        assertEquals(0, device.gpu().alive().graphs());
    }

    @Test
    void otherThreadsAreBoundByGlobalCapturesAlone() {
        begin(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        check(elsewhere(() -> cuMemAlloc(new CUdeviceptr(), 4)));
        expect(CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD, elsewhere(() -> cuStreamEndCapture(stream, new CUgraph())));
        check(cuStreamEndCapture(stream, new CUgraph()));
        begin(CU_STREAM_CAPTURE_MODE_GLOBAL);
        expect(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, elsewhere(() -> cuMemAlloc(new CUdeviceptr(), 4)));
        expect(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(stream, new CUgraph()));
    }

    @Test
    void memoryOfGraphsIsNotEmulated() {
        begin(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        expect(CUDA_ERROR_NOT_SUPPORTED, cuMemAllocAsync(new CUdeviceptr(), 4, stream));
        expect(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(stream, new CUgraph()));
    }

    @Test
    void theDefaultStreamCannotWaitForACapturedOne() {
        CUstream blocking = new CUstream();
        check(cuStreamCreate(blocking, 0));
        check(cuStreamBeginCapture(blocking, CU_STREAM_CAPTURE_MODE_RELAXED));
        expect(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, add(add, memory, 1, 1, null));
        expect(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(blocking, new CUgraph()));
    }

    @Test
    void anEventTakesAnotherStreamIntoTheCapture() {
        CUstream other = device.stream();
        CUevent fork = event();
        CUevent join = event();
        begin(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        check(cuEventRecord(fork, stream));
        expect(CUDA_ERROR_CAPTURED_EVENT, cuEventQuery(fork));
        expect(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(stream, new CUgraph()));

        begin(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        check(cuEventRecord(fork, stream));
        check(cuStreamWaitEvent(other, fork, 0));
        assertEquals(CU_STREAM_CAPTURE_STATUS_ACTIVE, status(other));
        check(add(add, memory, 1, 1, other));
        expect(CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, cuStreamEndCapture(other, new CUgraph()));
        check(cuEventRecord(join, other));
        check(cuStreamWaitEvent(stream, join, 0));
        check(cuStreamEndCapture(stream, new CUgraph()));
        assertEquals(CU_STREAM_CAPTURE_STATUS_NONE, status(other));
    }

    @Test
    void aForkedStreamHasToBeJoined() {
        CUstream other = device.stream();
        CUevent fork = event();
        begin(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        check(cuEventRecord(fork, stream));
        check(cuStreamWaitEvent(other, fork, 0));
        check(add(add, memory, 1, 1, other));
        expect(CUDA_ERROR_STREAM_CAPTURE_UNJOINED, cuStreamEndCapture(stream, new CUgraph()));
        assertEquals(CU_STREAM_CAPTURE_STATUS_NONE, status(other));
    }

    @Test
    void aCaptureCannotWaitForWorkOutside() {
        CUevent before = event();
        check(cuEventRecord(before, device.stream()));
        begin(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        expect(CUDA_ERROR_STREAM_CAPTURE_ISOLATION, cuStreamWaitEvent(stream, before, 0));
        expect(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(stream, new CUgraph()));
    }

    @Test
    void aDestroyedStreamTakesItsCaptureAlong() {
        begin(CU_STREAM_CAPTURE_MODE_GLOBAL);
        check(add(add, memory, 1, 1, stream));
        check(cuStreamDestroy(stream));
        assertEquals(0, device.gpu().alive().graphs());
        check(cuCtxSynchronize());
    }
}
