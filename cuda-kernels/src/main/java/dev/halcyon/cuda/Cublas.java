package dev.halcyon.cuda;

import jcuda.jcublas.cublasHandle;

/** NVIDIA's library of matrix products, which a machine may lack. */
final class Cublas implements AutoCloseable {
    private final Context context;

    Cublas(Context context) {
        this.context = context;
    }

    /** Whether it is there; loads it when asked for the first time. */
    boolean available() {
        return false;
    }

    /**
     * A handle that queues on the backend's stream.
     *
     * @throws IllegalStateException if it is not {@link #available}
     */
    cublasHandle handle() {
        throw new IllegalStateException("cuBLAS is not there");
    }

    /**
     * Checks a call.
     *
     * @throws CudaException unless the status means success
     */
    void check(int status, String call) {
        if (status != 0) {
            throw new CudaException(call + " failed: " + jcuda.jcublas.cublasStatus.stringFor(status), status);
        }
    }

    @Override
    public void close() {
    }
}
