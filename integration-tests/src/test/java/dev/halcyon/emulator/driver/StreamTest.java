package dev.halcyon.emulator.driver;

import static dev.halcyon.emulator.driver.TestDevice.add;
import static dev.halcyon.emulator.driver.TestDevice.check;
import static dev.halcyon.emulator.driver.TestDevice.expect;
import static jcuda.driver.CUevent_flags.CU_EVENT_DISABLE_TIMING;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_HANDLE;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_READY;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static jcuda.driver.CUstream_flags.CU_STREAM_DEFAULT;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventQuery;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamCreateWithPriority;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamGetPriority;
import static jcuda.driver.JCudaDriver.cuStreamQuery;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work is done in the order of streams and events, and not before somebody waits for it. */
final class StreamTest {
    private TestDevice device;
    private CUfunction add;

    @BeforeEach
    void start() {
        device = TestDevice.start(Settings.standard());
        add = device.function("add");
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
        }
    }

    private static CUevent event(int flags) {
        CUevent event = new CUevent();
        check(cuEventCreate(event, flags));
        return event;
    }

    @Test
    void workOfAStreamIsDoneWhenItIsWaitedFor() {
        CUstream stream = device.stream();
        CUdeviceptr memory = device.numbers(1, 2, 3);
        check(add(add, memory, 0.5f, 2, stream));
        assertArrayEquals(new float[] {1, 2, 3}, device.read(memory, 3));
        check(cuStreamSynchronize(stream));
        assertArrayEquals(new float[] {1.5f, 2.5f, 3}, device.read(memory, 3));
    }

    @Test
    void theWholeContextCanBeWaitedFor() {
        CUdeviceptr memory = device.numbers(1);
        check(add(add, memory, 1, 1, device.stream()));
        check(add(add, memory, 1, 1, device.stream()));
        check(cuCtxSynchronize());
        assertArrayEquals(new float[] {3}, device.read(memory, 1));
    }

    @Test
    void theDefaultStreamWaitsForBlockingStreamsAndTheyForIt() {
        CUstream blocking = new CUstream();
        check(cuStreamCreate(blocking, CU_STREAM_DEFAULT));
        CUdeviceptr memory = device.numbers(1);
        check(add(add, memory, 1, 1, blocking));
        assertArrayEquals(new float[] {2}, device.read(memory, 1));
        check(add(add, memory, 1, 1, null));
        check(add(add, memory, 1, 1, blocking));
        check(cuStreamSynchronize(blocking));
        assertArrayEquals(new float[] {4}, device.read(memory, 1));
    }

    @Test
    void aStreamThatWaitsForAnEventWaitsForAllBeforeIt() {
        CUstream first = device.stream();
        CUstream second = device.stream();
        CUdeviceptr memory = device.numbers(1);
        CUevent event = event(CU_EVENT_DISABLE_TIMING);
        check(add(add, memory, 10, 1, first));
        check(cuEventRecord(event, first));
        check(add(add, memory, 100, 1, first));
        check(cuStreamWaitEvent(second, event, 0));
        check(add(add, memory, 1, 1, second));
        check(cuStreamSynchronize(second));
        assertArrayEquals(new float[] {12}, device.read(memory, 1));
    }

    @Test
    void anEventWaitedForIsTheOneRecordedThen() {
        CUstream first = device.stream();
        CUstream second = device.stream();
        CUdeviceptr memory = device.numbers(1);
        CUevent event = event(CU_EVENT_DISABLE_TIMING);
        check(cuEventRecord(event, first));
        check(cuStreamWaitEvent(second, event, 0));
        check(add(add, memory, 10, 1, first));
        check(cuEventRecord(event, first));
        check(add(add, memory, 1, 1, second));
        check(cuStreamSynchronize(second));
        assertArrayEquals(new float[] {2}, device.read(memory, 1));
        check(cuEventSynchronize(event));
        assertArrayEquals(new float[] {12}, device.read(memory, 1));
    }

    @Test
    void askingAgainAndAgainComesToAnEnd() {
        CUstream stream = device.stream();
        CUdeviceptr memory = device.numbers(1);
        CUevent event = event(CU_EVENT_DISABLE_TIMING);
        check(add(add, memory, 1, 1, stream));
        check(cuEventRecord(event, stream));
        expect(CUDA_ERROR_NOT_READY, cuEventQuery(event));
        expect(CUDA_ERROR_NOT_READY, cuStreamQuery(stream));
        int asked = 0;
        while (cuStreamQuery(stream) != CUDA_SUCCESS) {
            assertTrue(asked++ < 10);
        }
        check(cuEventQuery(event));
        assertArrayEquals(new float[] {2}, device.read(memory, 1));
    }

    @Test
    void eventsTellTimes() {
        CUevent start = event(0);
        CUevent end = event(0);
        CUstream stream = device.stream();
        check(cuEventRecord(start, stream));
        check(add(add, device.numbers(1), 1, 1, stream));
        check(cuEventRecord(end, stream));
        float[] milliseconds = new float[1];
        expect(CUDA_ERROR_NOT_READY, cuEventElapsedTime(milliseconds, start, end));
        check(cuEventSynchronize(end));
        check(cuEventElapsedTime(milliseconds, start, end));
        assertTrue(milliseconds[0] > 0, () -> milliseconds[0] + " ms");
        CUevent untimed = event(CU_EVENT_DISABLE_TIMING);
        check(cuEventRecord(untimed, stream));
        check(cuEventSynchronize(untimed));
        expect(CUDA_ERROR_INVALID_HANDLE, cuEventElapsedTime(milliseconds, start, untimed));
    }

    @Test
    void aFullQueueIsWorkedOff() {
        CUstream stream = device.stream();
        CUdeviceptr memory = device.numbers(0);
        for (int i = 0; i < 1500; i++) {
            check(add(add, memory, 1, 1, stream));
        }
        assertArrayEquals(new float[] {476}, device.read(memory, 1));
        check(cuStreamSynchronize(stream));
        assertArrayEquals(new float[] {1500}, device.read(memory, 1));
    }

    @Test
    void threadsMayCallAtTheSameTime() {
        CUdeviceptr memory = device.numbers(0, 0);
        IntStream.range(0, 2).parallel().forEach(thread -> {
            check(cuCtxSetCurrent(device.context()));
            CUstream stream = device.stream();
            for (int i = 0; i < 500; i++) {
                check(add(add, memory.withByteOffset(4L * thread), 1, 1, stream));
            }
            check(cuStreamSynchronize(stream));
        });
        assertArrayEquals(new float[] {500, 500}, device.read(memory, 2));
    }

    @Test
    void prioritiesAreBroughtIntoTheirRange() {
        CUstream stream = new CUstream();
        check(cuStreamCreateWithPriority(stream, 0, -100));
        int[] priority = new int[1];
        check(cuStreamGetPriority(stream, priority));
        assertEquals(-5, priority[0]);
    }

    @Test
    void whatWasDestroyedCannotBeUsed() {
        CUstream stream = device.stream();
        CUevent event = event(0);
        check(cuStreamDestroy(stream));
        check(cuEventDestroy(event));
        expect(CUDA_ERROR_INVALID_HANDLE, cuStreamSynchronize(stream));
        expect(CUDA_ERROR_INVALID_HANDLE, cuEventQuery(event));
    }
}
