package dev.halcyon.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED;

import dev.halcyon.device.DeviceMemoryException;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import jcuda.driver.CUmemAllocationHandleType;
import jcuda.driver.CUmemAllocationType;
import jcuda.driver.CUmemLocation;
import jcuda.driver.CUmemLocationType;
import jcuda.driver.CUmemPoolProps;
import jcuda.driver.CUmemoryPool;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Obtains memory from the driver and gives it back. Where the driver has pools, both are entries in the stream's queue,
 * for which nobody waits; elsewhere freeing waits for the device.
 */
final class DeviceMemory implements AutoCloseable {
    /** What the pool keeps over a wait: all that it has. */
    private static final long KEEP_ALL = -1;

    /** A pool of the driver's that {@link #handle} is the address of. */
    private static final class Pool extends CUmemoryPool {
        long handle() {
            return getNativePointer();
        }
    }

    private final Context context;
    private final DriverLibrary library;
    private final Pool pool;
    private final Runnable shortage;
    private final Queue<CudaBuffer> freed = new ConcurrentLinkedQueue<>();
    /** Numbers of the devices that were let in, if they can come. */
    private final Set<Integer> shared = new HashSet<>();
    private boolean holding;

    /** @param shortage gives back what can be done without, when the device has no more */
    DeviceMemory(Context context, DriverLibrary library, Runnable shortage) {
        this.context = context;
        this.library = library;
        this.shortage = shortage;
        this.pool = context.attribute(CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) == 0 ? null : newPool();
    }

    private Pool newPool() {
        Pool made = new Pool();
        CUmemPoolProps properties = new CUmemPoolProps();
        properties.allocType = CUmemAllocationType.CU_MEM_ALLOCATION_TYPE_PINNED;
        properties.handleTypes = CUmemAllocationHandleType.CU_MEM_HANDLE_TYPE_NONE;
        properties.location = new CUmemLocation(CUmemLocationType.CU_MEM_LOCATION_TYPE_DEVICE, context.gpu().number());
        context.check(JCudaDriver.cuMemPoolCreate(made, properties), "cuMemPoolCreate");
        int status = library.releaseThreshold(made.handle(), KEEP_ALL);
        if (status != CUresult.CUDA_SUCCESS) {
            JCudaDriver.cuMemPoolDestroy(made);
            context.check(status, "cuMemPoolSetAttribute");
        }
        return made;
    }

    /**
     * Memory aligned to 256 bytes, contents undefined.
     *
     * @throws DeviceMemoryException if the device has not enough
     */
    CudaBuffer allocate(long bytes) {
        return allocate(bytes, this::usualQueue);
    }

    /** Memory for what is queued on one of the two streams first. */
    CudaBuffer allocate(long bytes, CUstream queue) {
        return allocate(bytes, () -> queue);
    }

    /** While the stream is being captured, its queue takes no requests, and uploads precede what is captured. */
    private CUstream usualQueue() {
        return holding ? context.uploads() : context.stream();
    }

    /** @param queue asked anew after a shortage, which ends a capture */
    private CudaBuffer allocate(long bytes, Supplier<CUstream> queue) {
        context.makeCurrent();
        giveBack();
        DevicePointer pointer = new DevicePointer();
        int status = withRoom(() -> request(pointer, bytes, queue.get()));
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new DeviceMemoryException(bytes, situation(), null);
        }
        context.check(status, pool == null ? "cuMemAlloc" : "cuMemAllocFromPoolAsync");
        return new CudaBuffer(pointer.address(), bytes);
    }

    /**
     * Makes a call for which the driver needs device memory: if it has too little, once more after what can be done without
     * was given back. Ends a capture.
     *
     * @return its status
     */
    int withRoom(IntSupplier call) {
        int status = call.getAsInt();
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            shortage.run();
            giveBack();
            trim();
            status = call.getAsInt();
        }
        return status;
    }

    /** The same where nothing may be given back but what the driver's pool has unused: for a graph not yet launched. */
    int withUnused(IntSupplier call) {
        int status = call.getAsInt();
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            trim();
            status = call.getAsInt();
        }
        return status;
    }

    private int request(DevicePointer pointer, long bytes, CUstream queue) {
        long least = Math.max(1, bytes);
        return pool == null
                ? JCudaDriver.cuMemAlloc(pointer, least)
                : JCudaDriver.cuMemAllocFromPoolAsync(pointer, least, pool, queue);
    }

    /** Lets another device reach this memory by itself where the two can; elsewhere copies go by way of the host. */
    void shareWith(Gpu other) {
        int[] can = new int[1];
        if (pool != null && other.number() != context.gpu().number() && shared.add(other.number())) {
            context.check(JCudaDriver.cuDeviceCanAccessPeer(can, other.handle(), context.gpu().handle()),
                    "cuDeviceCanAccessPeer");
            if (can[0] != 0) {
                // copies are right without it, if slower
                library.grantAccess(pool.handle(), other.number());
            }
        }
    }

    /** Gives memory back, behind the work that is queued by the next {@link #allocate}. From any thread. */
    void free(CudaBuffer buffer) {
        freed.add(buffer);
    }

    /** Keeps what is freed from the driver until {@link #release}: it would become part of a captured graph. */
    void hold() {
        giveBack();
        holding = true;
    }

    void release() {
        holding = false;
    }

    private void giveBack() {
        if (holding || context.isLost()) {
            return;
        }
        for (CudaBuffer buffer = freed.poll(); buffer != null; buffer = freed.poll()) {
            DevicePointer pointer = new DevicePointer(buffer.address());
            context.check(pool == null
                    ? JCudaDriver.cuMemFree(pointer)
                    : JCudaDriver.cuMemFreeAsync(pointer, context.stream()), "cuMemFree");
        }
    }

    private void trim() {
        if (pool != null && !holding) {
            context.synchronize();
            context.check(JCudaDriver.cuMemPoolTrimTo(pool, 0), "cuMemPoolTrimTo");
        }
    }

    private String situation() {
        long[] free = new long[1];
        long[] total = new long[1];
        context.check(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo");
        return "the device has " + (free[0] >> 20) + " of " + (total[0] >> 20) + " MiB free"
                + (pool == null ? "" : ", this process " + (library.reserved(pool.handle()) >> 20) + " MiB");
    }

    /** Gives all memory back to the driver, in use or not. */
    @Override
    public void close() {
        holding = false;
        giveBack();
        if (pool != null) {
            JCudaDriver.cuMemPoolDestroy(pool);
        }
    }
}
