package dev.halcyon.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * A device's primary context, which other libraries in the process share, with the stream that all work is queued on.
 */
final class Context implements AutoCloseable {
    /** The one that the driver uses for calls of this thread, as far as this module has set it. */
    private static final ThreadLocal<Context> CURRENT = new ThreadLocal<>();

    private final CUdevice device;
    private final CUcontext handle = new CUcontext();
    private final CUstream stream = new CUstream();
    private final int multiprocessors;
    private final int capability;

    Context(int index) {
        device = new CUdevice();
        Status.check(JCudaDriver.cuDeviceGet(device, index), "cuDeviceGet");
        multiprocessors = attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        capability = 10 * attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        Status.check(JCudaDriver.cuDevicePrimaryCtxRetain(handle, device), "cuDevicePrimaryCtxRetain");
        makeCurrent();
        Status.check(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    }

    /** Makes the driver use this context for calls of this thread. */
    void makeCurrent() {
        if (CURRENT.get() != this) {
            Status.check(JCudaDriver.cuCtxSetCurrent(handle), "cuCtxSetCurrent");
            CURRENT.set(this);
        }
    }

    CUdevice device() {
        return device;
    }

    CUstream stream() {
        return stream;
    }

    int multiprocessors() {
        return multiprocessors;
    }

    /** Compute capability: 75 for 7.5. */
    int capability() {
        return capability;
    }

    /** A property of the device, by {@link jcuda.driver.CUdevice_attribute}. */
    int attribute(int number) {
        int[] value = new int[1];
        Status.check(JCudaDriver.cuDeviceGetAttribute(value, number, device), "cuDeviceGetAttribute");
        return value[0];
    }

    /** Waits until all queued work is done. */
    void synchronize() {
        makeCurrent();
        Status.check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    @Override
    public void close() {
        makeCurrent();
        JCudaDriver.cuStreamDestroy(stream);
        CURRENT.remove();
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
}
