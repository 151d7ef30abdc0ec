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
        return new CudaException(call + " failed: " + CUresult.stringFor(status) + " (" + status + ")"
                + advice(status), status);
    }

    /** Whether nothing can be done with the device any more, in this process. */
    static boolean losesDevice(int status) {
        return isFaultOfKernel(status) || switch (status) {
            case CUresult.CUDA_ERROR_DEINITIALIZED, CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
                    CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE, CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
                    CUresult.CUDA_ERROR_UNKNOWN ->
                    true;
            default -> false;
        };
    }

    private static boolean isFaultOfKernel(int status) {
        return switch (status) {
            case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, CUresult.CUDA_ERROR_LAUNCH_TIMEOUT, CUresult.CUDA_ERROR_ASSERT,
                    CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR, CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
                    CUresult.CUDA_ERROR_MISALIGNED_ADDRESS, CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
                    CUresult.CUDA_ERROR_INVALID_PC, CUresult.CUDA_ERROR_LAUNCH_FAILED ->
                    true;
            default -> false;
        };
    }

    private static String advice(int status) {
        if (losesDevice(status)) {
            return ": the device is lost to this process; start again (a run goes on from its last checkpoint with"
                    + " --resume)" + (isFaultOfKernel(status)
                            ? "; a kernel queued before was at fault, which -Dhalcyon.cudaSubmission=blocking names"
                            : "");
        }
        return switch (status) {
            case CUresult.CUDA_ERROR_OUT_OF_MEMORY -> "; use a smaller batch, or end other programs on the device";
            case CUresult.CUDA_ERROR_NO_DEVICE -> ": the driver finds no NVIDIA GPU; nvidia-smi tells what it sees,"
                    + " and CUDA_VISIBLE_DEVICES may hide devices";
            case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE -> "; another program has the device for itself";
            case CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU, CUresult.CUDA_ERROR_INVALID_PTX,
                    CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
                    "; install an NVIDIA driver of version 525 or newer";
            case CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND -> "; install the part of the NVIDIA driver that has"
                    + " libnvidia-ptxjitcompiler.so.1";
            case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH -> "; the driver was updated: restart the machine";
            case CUresult.CUDA_ERROR_SYSTEM_NOT_READY -> "; start the service nvidia-fabricmanager";
            default -> "";
        };
    }
}
