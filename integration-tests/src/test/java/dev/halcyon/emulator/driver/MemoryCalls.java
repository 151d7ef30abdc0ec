package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_SUPPORTED;
import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;

/** Device memory and pinned host memory. */
final class MemoryCalls {
    private final Driver driver;

    MemoryCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        functions.add("cuMemAlloc_v2", this::allocate);
        functions.add("cuMemFree_v2", this::free);
        functions.add("cuMemAllocAsync", a -> {
            Stream stream = driver.stream(a.int64(2));
            allocateOrdered(a, stream, stream.context().device().defaultPool());
        });
        functions.add("cuMemAllocFromPoolAsync", a -> allocateOrdered(a, driver.stream(a.int64(3)),
                driver.handles().get(a.int64(2), MemoryPool.class)));
        functions.add("cuMemFreeAsync", this::freeOrdered);
        functions.add("cuMemGetInfo_v2", this::info);
        functions.add("cuMemGetAddressRange_v2", this::range);
        functions.add("cuMemHostAlloc", this::allocateHost);
        functions.add("cuMemAllocHost_v2", this::allocateHost);
        functions.add("cuMemFreeHost", this::freeHost);
        functions.add("cuMemHostRegister_v2", this::register);
        functions.add("cuMemHostUnregister", this::unregister);
    }

    private void allocate(Arguments a) {
        Context context = driver.context();
        driver.captures().requireNone();
        driver.countAllocation();
        a.setInt64(0, context.device().allocate(context, null, a.int64(1)));
    }

    private void free(Arguments a) {
        Context context = driver.context();
        driver.captures().requireNone();
        if (a.int64(0) == 0) {
            return;
        }
        Device device = driver.deviceOf(a.int64(0));
        DriverError.unless(device != null && device.holding(a.int64(0)) != null, CUDA_ERROR_INVALID_VALUE);
        context.finish(); // what is queued may use it
        device.free(a.int64(0));
    }

    private void allocateOrdered(Arguments a, Stream stream, MemoryPool pool) {
        refuseCapture(stream, CUDA_ERROR_NOT_SUPPORTED);
        driver.countAllocation();
        a.setInt64(0, pool.device().allocate(stream.context(), pool, a.int64(1)));
    }

    private void freeOrdered(Arguments a) {
        Stream stream = driver.stream(a.int64(1));
        refuseCapture(stream, CUDA_ERROR_INVALID_VALUE);
        long address = a.int64(0);
        Device device = driver.deviceOf(address);
        DriverError.unless(device != null && device.holding(address) != null, CUDA_ERROR_INVALID_VALUE);
        stream.queue(new OrderedFree(device, address));
    }

    /** Memory that belongs to a graph is not emulated, and no other may be freed by one. */
    private static void refuseCapture(Stream stream, int status) {
        if (stream.capture() != null) {
            stream.capture().invalidate();
            throw new DriverError(status);
        }
    }

    private void info(Arguments a) {
        Device device = driver.context().device();
        a.setInt64(0, device.free());
        a.setInt64(1, device.capacity());
    }

    private void range(Arguments a) {
        driver.context();
        Device device = driver.deviceOf(a.int64(2));
        DriverError.unless(device != null, CUDA_ERROR_INVALID_VALUE);
        long start = device.startOf(a.int64(2));
        a.setInt64IfWanted(0, start);
        a.setInt64IfWanted(1, device.holding(start).bytes());
    }

    private void allocateHost(Arguments a) {
        Context context = driver.context();
        driver.captures().requireNone();
        try {
            a.setInt64(0, driver.pinned().allocate(context, a.int64(1)));
        } catch (OutOfMemoryError e) {
            throw new DriverError(CUDA_ERROR_OUT_OF_MEMORY);
        }
    }

    private void freeHost(Arguments a) {
        Context context = driver.context();
        driver.captures().requireNone();
        context.finish(); // what is queued may use it
        driver.pinned().free(a.int64(0));
    }

    private void register(Arguments a) {
        Context context = driver.context();
        driver.captures().requireNone();
        driver.pinned().register(context, a.int64(0), a.int64(1));
    }

    private void unregister(Arguments a) {
        Context context = driver.context();
        driver.captures().requireNone();
        context.finish(); // what is queued may use it
        driver.pinned().unregister(a.int64(0));
    }
}
