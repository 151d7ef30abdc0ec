package dev.halcyon.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * A device's primary context, which other libraries in the process share, with the stream that all work is queued on
 * and another one for what comes from the host meanwhile.
 */
final class Context implements AutoCloseable {
    private final Gpu gpu;
    private final CUdevice device;
    private final CUcontext handle = new CUcontext();
    private final CUstream stream = new CUstream();
    private final CUstream uploads = new CUstream();
    private final int multiprocessors;
    private boolean lost;

    Context(Gpu gpu) {
        this.gpu = gpu;
        device = gpu.handle();
        multiprocessors = attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        check(JCudaDriver.cuDevicePrimaryCtxRetain(handle, device), "cuDevicePrimaryCtxRetain");
        try {
            makeCurrent();
            check(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
            check(JCudaDriver.cuStreamCreate(uploads, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
        } catch (RuntimeException e) {
            JCudaDriver.cuDevicePrimaryCtxRelease(device);
            throw e;
        }
    }

    /** Bytes of a device's memory that no program uses. */
    static long freeBytes(Gpu gpu) {
        CUdevice device = gpu.handle();
        CUcontext primary = new CUcontext();
        Status.check(JCudaDriver.cuDevicePrimaryCtxRetain(primary, device), "cuDevicePrimaryCtxRetain");
        try {
            long[] free = new long[1];
            Status.check(JCudaDriver.cuCtxSetCurrent(primary), "cuCtxSetCurrent");
            Status.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "cuMemGetInfo");
            return free[0];
        } finally {
            JCudaDriver.cuDevicePrimaryCtxRelease(device);
        }
    }

    /** Makes the driver use this context for calls of this thread, for which other libraries may have set another. */
    void makeCurrent() {
        check(JCudaDriver.cuCtxSetCurrent(handle), "cuCtxSetCurrent");
    }

    /** Which GPU it is on. */
    Gpu gpu() {
        return gpu;
    }

    /** Where kernels are queued. */
    CUstream stream() {
        return stream;
    }

    /** Where copies from host memory are queued. */
    CUstream uploads() {
        return uploads;
    }

    int multiprocessors() {
        return multiprocessors;
    }

    /** A property of the device, by {@link jcuda.driver.CUdevice_attribute}. */
    int attribute(int number) {
        int[] value = new int[1];
        check(JCudaDriver.cuDeviceGetAttribute(value, number, device), "cuDeviceGetAttribute");
        return value[0];
    }

    /**
     * Checks a call.
     *
     * @param status what it returned
     * @param call the driver's function
     * @throws CudaException unless the status means success
     */
    void check(int status, String call) {
        if (status != CUresult.CUDA_SUCCESS) {
            lost |= Status.losesDevice(status);
            throw Status.failure(status, call);
        }
    }

    /** Whether an earlier call said that nothing can be done with the device any more. */
    boolean isLost() {
        return lost;
    }

    /**
     * Queues a copy from another device's memory, which waits for the work that is queued there, and which later work
     * there waits for. The driver goes by way of the host where the devices cannot reach each other.
     */
    void copyFrom(Context peer, long source, long destination, long bytes) {
        Event before = peer.mark();
        makeCurrent();
        before.holdUp(stream);
        check(JCudaDriver.cuMemcpyPeerAsync(new DevicePointer(destination), handle, new DevicePointer(source),
                peer.handle, bytes, stream), "cuMemcpyPeerAsync");
        Event after = mark();
        peer.makeCurrent();
        after.holdUp(peer.stream);
        after.destroy();
        before.destroy();
    }

    private Event mark() {
        makeCurrent();
        Event event = new Event(this);
        event.record(stream);
        return event;
    }

    /** Waits until all queued work is done. */
    void synchronize() {
        makeCurrent();
        check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    /** Prepares to close: waits for what is queued, whatever comes of it. */
    void finish() {
        if (!lost) {
            makeCurrent();
            lost = Status.losesDevice(JCudaDriver.cuStreamSynchronize(uploads))
                    | Status.losesDevice(JCudaDriver.cuStreamSynchronize(stream));
        }
    }

    /** Gives the context up, and with a lost device all that is in it. */
    @Override
    public void close() {
        JCudaDriver.cuStreamDestroy(uploads);
        JCudaDriver.cuStreamDestroy(stream);
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
}
