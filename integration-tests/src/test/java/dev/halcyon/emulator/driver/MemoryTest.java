package dev.halcyon.emulator.driver;

import static dev.halcyon.emulator.driver.TestDevice.add;
import static dev.halcyon.emulator.driver.TestDevice.check;
import static dev.halcyon.emulator.driver.TestDevice.expect;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static jcuda.driver.CUmemAllocationType.CU_MEM_ALLOCATION_TYPE_PINNED;
import static jcuda.driver.CUmemLocationType.CU_MEM_LOCATION_TYPE_DEVICE;
import static jcuda.driver.CUresult.CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED;
import static jcuda.driver.CUresult.CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemAllocAsync;
import static jcuda.driver.JCudaDriver.cuMemAllocFromPoolAsync;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemFreeAsync;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemGetAddressRange;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemHostRegister;
import static jcuda.driver.JCudaDriver.cuMemHostUnregister;
import static jcuda.driver.JCudaDriver.cuMemPoolCreate;
import static jcuda.driver.JCudaDriver.cuMemPoolDestroy;
import static jcuda.driver.JCudaDriver.cuMemPoolTrimTo;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoD;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD16;
import static jcuda.driver.JCudaDriver.cuMemsetD32;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;
import static jcuda.driver.JCudaDriver.cuMemsetD8;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmemAllocationHandleType;
import jcuda.driver.CUmemLocation;
import jcuda.driver.CUmemPoolProps;
import jcuda.driver.CUmemoryPool;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Device memory, pinned memory, copies and fills. */
final class MemoryTest {
    private static final long MIB = 1 << 20;

    private TestDevice device;

    @BeforeEach
    void start() {
        device = TestDevice.start(Settings.standard().withMemory(64 * MIB));
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
        }
    }

    private static long free() {
        long[] free = new long[1];
        check(cuMemGetInfo(free, new long[1]));
        return free[0];
    }

    @Test
    void memoryIsTakenAndGivenBack() {
        CUdeviceptr memory = new CUdeviceptr();
        check(cuMemAlloc(memory, 40 * MIB));
        assertEquals(24 * MIB, free());
        expect(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(new CUdeviceptr(), 25 * MIB));
        assertEquals(40 * MIB, device.gpu().alive().deviceBytes());
        check(cuMemFree(memory));
        assertEquals(64 * MIB, free());
        expect(CUDA_ERROR_INVALID_VALUE, cuMemFree(memory));
        expect(CUDA_ERROR_INVALID_VALUE, cuMemAlloc(memory, 0));
    }

    @Test
    void accessesOutsideAnAllocationAreRefused() {
        CUdeviceptr memory = device.numbers(1, 2, 3, 4);
        float[] host = new float[8];
        expect(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoD(memory, Pointer.to(host), 20));
        expect(CUDA_ERROR_INVALID_VALUE, cuMemcpyDtoH(Pointer.to(host), memory, 20));
        expect(CUDA_ERROR_INVALID_VALUE, cuMemcpyDtoD(memory.withByteOffset(8), memory, 12));
        expect(CUDA_ERROR_INVALID_VALUE, cuMemsetD8(memory, (byte) 0, 17));
        expect(CUDA_ERROR_INVALID_VALUE, cuMemsetD32(memory.withByteOffset(2), 0, 1));
        check(cuMemFree(memory));
        expect(CUDA_ERROR_INVALID_VALUE, cuMemcpyDtoH(Pointer.to(host), memory, 4));
    }

    @Test
    void anAddressTellsItsAllocation() {
        CUdeviceptr memory = device.numbers(1, 2, 3, 4);
        CUdeviceptr start = new CUdeviceptr();
        long[] bytes = new long[1];
        check(cuMemGetAddressRange(start, bytes, memory.withByteOffset(5)));
        assertEquals(16, bytes[0]);
        check(cuMemFree(start));
    }

    @Test
    void copiesAndFills() {
        CUdeviceptr memory = device.numbers(1, 2, 3, 4);
        check(cuMemcpyDtoD(memory.withByteOffset(8), memory, 8));
        assertArrayEquals(new float[] {1, 2, 1, 2}, device.read(memory, 4));
        check(cuMemsetD32(memory, Float.floatToRawIntBits(7.5f), 2));
        check(cuMemsetD16(memory.withByteOffset(8), (short) 0x4040, 2));
        check(cuMemsetD8(memory.withByteOffset(12), (byte) 0, 4));
        assertArrayEquals(new float[] {7.5f, 7.5f, Float.intBitsToFloat(0x40404040), 0}, device.read(memory, 4));
    }

    @Test
    void pinnedMemoryIsReadAndWrittenInTheStreamsTurn() {
        CUstream stream = device.stream();
        Pointer pinned = new Pointer();
        check(cuMemHostAlloc(pinned, 8, 0));
        assertEquals(8, device.gpu().alive().hostBytes());
        FloatBuffer host = pinned.getByteBuffer(0, 8).order(ByteOrder.nativeOrder()).asFloatBuffer();
        CUdeviceptr memory = device.numbers(0, 0);
        host.put(0, 1).put(1, 2);
        check(cuMemcpyHtoDAsync(memory, pinned, 8, stream));
        host.put(0, 5); // before the copy was waited for: a fault of the program that shows
        check(cuStreamSynchronize(stream));
        assertArrayEquals(new float[] {5, 2}, device.read(memory, 2));
        check(cuMemsetD32Async(memory, 0, 2, stream));
        check(cuMemcpyDtoHAsync(pinned, memory, 8, stream));
        assertEquals(5, host.get(0));
        check(cuStreamSynchronize(stream));
        assertEquals(0, host.get(0));
        check(cuMemFreeHost(pinned));
        expect(CUDA_ERROR_INVALID_VALUE, cuMemFreeHost(pinned));
        assertEquals(0, device.gpu().alive().hostBytes());
    }

    @Test
    void otherHostMemoryIsReadAtTheCall() {
        CUstream stream = device.stream();
        FloatBuffer host = direct();
        CUdeviceptr memory = device.numbers(0, 0);
        host.put(0, 1).put(1, 2);
        check(cuMemcpyHtoDAsync(memory, Pointer.to(host), 8, stream));
        host.put(0, 5);
        check(cuStreamSynchronize(stream));
        assertArrayEquals(new float[] {1, 2}, device.read(memory, 2));
        check(cuMemcpyDtoHAsync(Pointer.to(host), memory, 8, stream));
        assertEquals(1, host.get(0));
    }

    private static FloatBuffer direct() {
        return ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Test
    void memoryOfTheProgramCanBePinned() {
        CUstream stream = device.stream();
        FloatBuffer host = direct();
        CUdeviceptr memory = device.numbers(0, 0);
        check(cuMemHostRegister(Pointer.to(host), 8, 0));
        expect(CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED, cuMemHostRegister(Pointer.to(host), 4, 0));
        check(cuMemcpyHtoDAsync(memory, Pointer.to(host), 8, stream));
        host.put(0, 5);
        check(cuStreamSynchronize(stream));
        assertArrayEquals(new float[] {5, 0}, device.read(memory, 2));
        check(cuMemHostUnregister(Pointer.to(host)));
        expect(CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED, cuMemHostUnregister(Pointer.to(host)));
    }

    @Test
    void memoryIsFreedInTheStreamsTurn() {
        CUstream stream = device.stream();
        CUdeviceptr memory = new CUdeviceptr();
        check(cuMemAllocAsync(memory, 4, stream));
        check(cuMemsetD32Async(memory, 0, 1, stream));
        check(add(device.function("add"), memory, 1, 1, stream));
        check(cuMemFreeAsync(memory, stream));
        assertEquals(4, device.gpu().alive().deviceBytes());
        check(cuStreamSynchronize(stream));
        assertEquals(0, device.gpu().alive().deviceBytes());
    }

    @Test
    void memoryThatIsToBeFreedIsThereForTheNextAllocation() {
        CUstream stream = device.stream();
        for (int i = 0; i < 10; i++) {
            CUdeviceptr memory = new CUdeviceptr();
            check(cuMemAllocAsync(memory, 40 * MIB, stream));
            check(cuMemFreeAsync(memory, stream));
        }
        check(cuStreamSynchronize(stream));
        assertEquals(64 * MIB, free());
    }

    /** JCuda keeps the handles of pools to itself. */
    private static final class Pool extends CUmemoryPool {
        long handle() {
            return getNativePointer();
        }
    }

    @Test
    void aPoolKeepsWhatItMay() {
        Pool pool = new Pool();
        CUmemPoolProps properties = new CUmemPoolProps();
        properties.allocType = CU_MEM_ALLOCATION_TYPE_PINNED;
        properties.handleTypes = CUmemAllocationHandleType.CU_MEM_HANDLE_TYPE_NONE;
        properties.location = new CUmemLocation(CU_MEM_LOCATION_TYPE_DEVICE, 0);
        check(cuMemPoolCreate(pool, properties));
        takeAndFree(pool);
        assertEquals(64 * MIB, free());
        setThreshold(pool, -1);
        takeAndFree(pool);
        assertEquals(24 * MIB, free());
        takeAndFree(pool);
        assertEquals(24 * MIB, free());
        check(cuMemPoolTrimTo(pool, 10 * MIB));
        assertEquals(54 * MIB, free());
        CUdeviceptr memory = new CUdeviceptr();
        check(cuMemAlloc(memory, 60 * MIB)); // what a pool keeps is there for others
        check(cuMemPoolDestroy(pool));
        assertEquals(0, device.gpu().alive().pools());
    }

    private void takeAndFree(Pool pool) {
        CUstream stream = device.stream();
        CUdeviceptr memory = new CUdeviceptr();
        check(cuMemAllocFromPoolAsync(memory, 40 * MIB, pool, stream));
        check(cuMemFreeAsync(memory, stream));
        check(cuMemPoolTrimTo(pool, 0));
        assertEquals(24 * MIB, free()); // the queued free is not done
        check(cuStreamSynchronize(stream));
    }

    private static void setThreshold(Pool pool, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            check(new DriverFunction("cuMemPoolSetAttribute").call(pool.handle(), 4,
                    arena.allocateFrom(JAVA_LONG, bytes)));
            MemorySegment value = arena.allocate(JAVA_LONG);
            check(new DriverFunction("cuMemPoolGetAttribute").call(pool.handle(), 4, value));
            assertEquals(bytes, value.get(JAVA_LONG, 0));
        }
    }
}
