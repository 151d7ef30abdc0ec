package dev.halcyon.cuda;

import jcuda.driver.CUresult;

/** Turns what the driver answers into exceptions. */
final class Status {
    private Status() {
    }

    /**
     * Checks a call.
     *
     * @param status what it returned
     * @param call the driver's function
     * @throws CudaException unless the status means success
     */
    static void check(int status, String call) {
        if (status != CUresult.CUDA_SUCCESS) {
            throw failure(status, call);
        }
    }

    /** The exception for a failed call, with the status's name and what to do. */
    static CudaException failure(int status, String call) {
        return new CudaException(call + " failed: " + name(status) + advice(status), status);
    }

    private static String name(int status) {
        return CUresult.stringFor(status) + " (" + status + ")";
    }

    private static String advice(int status) {
        return switch (status) {
            case CUresult.CUDA_ERROR_OUT_OF_MEMORY -> "; use a smaller batch, or end other programs on the device";
            default -> "";
        };
    }
}
