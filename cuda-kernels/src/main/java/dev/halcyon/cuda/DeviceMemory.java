package dev.halcyon.cuda;

import dev.halcyon.device.DeviceMemoryException;
import jcuda.driver.JCudaDriver;

/** Obtains memory from the driver and gives it back, in the order of the stream. */
final class DeviceMemory {
    private final Context context;

    DeviceMemory(Context context) {
        this.context = context;
    }

    CudaBuffer allocate(long bytes) {
        context.makeCurrent();
        DevicePointer pointer = new DevicePointer();
        int status = JCudaDriver.cuMemAllocAsync(pointer, Math.max(1, bytes), context.stream());
        if (status != 0) {
            throw new DeviceMemoryException(bytes, Status.failure(status, "cuMemAllocAsync").getMessage(), null);
        }
        return new CudaBuffer(pointer.address(), bytes);
    }

    void free(CudaBuffer buffer) {
        context.makeCurrent();
        Status.check(JCudaDriver.cuMemFreeAsync(new DevicePointer(buffer.address()), context.stream()),
                "cuMemFreeAsync");
    }
}
