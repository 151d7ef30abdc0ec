package dev.halcyon.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A mark in a stream's queue, which can be waited for. */
final class Event {
    private final Context context;
    private final CUevent handle = new CUevent();

    Event(Context context) {
        this.context = context;
        context.check(JCudaDriver.cuEventCreate(handle, CUevent_flags.CU_EVENT_DISABLE_TIMING), "cuEventCreate");
    }

    /** Sets the mark behind what has been queued. */
    void record(CUstream stream) {
        context.check(JCudaDriver.cuEventRecord(handle, stream), "cuEventRecord");
    }

    /** Whether the work before the mark is done; true if it was never set. */
    boolean isPast() {
        int status = JCudaDriver.cuEventQuery(handle);
        if (status == CUresult.CUDA_ERROR_NOT_READY) {
            return false;
        }
        context.check(status, "cuEventQuery");
        return true;
    }

    /** Waits until the work before the mark is done. */
    void await() {
        context.check(JCudaDriver.cuEventSynchronize(handle), "cuEventSynchronize");
    }

    /** Lets what is queued on a stream from now on wait for the work before the mark. */
    void holdUp(CUstream stream) {
        context.check(JCudaDriver.cuStreamWaitEvent(stream, handle, 0), "cuStreamWaitEvent");
    }

    void destroy() {
        JCudaDriver.cuEventDestroy(handle);
    }
}
