package dev.halcyon.cuda;

import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;

/**
 * NVIDIA's library of matrix products, which a machine may lack. It queues on the backend's stream and works in memory
 * of the backend's, so that its calls can be captured and give the same bits every time.
 */
final class Cublas implements AutoCloseable {
    private static final int HOPPER = 90;
    private static final long WORKSPACE = 8 << 20;
    private static final long WORKSPACE_OF_HOPPER = 32 << 20;

    private final Context context;
    private final Steps steps;
    private final DeviceMemory memory;
    private cublasHandle handle;
    private CudaBuffer workspace;

    Cublas(Context context, Steps steps, DeviceMemory memory) {
        this.context = context;
        this.steps = steps;
        this.memory = memory;
    }

    /** Whether it is there; it is looked for once. */
    boolean available() {
        return handle != null || CublasLibrary.find().isPresent();
    }

    /**
     * A handle that queues on the backend's stream.
     *
     * @throws CudaException if cuBLAS cannot be used
     * @throws java.util.NoSuchElementException if it is not {@link #available}
     */
    cublasHandle handle() {
        context.makeCurrent();
        if (handle == null) {
            CublasLibrary.find().orElseThrow();
            steps.interrupt();
            Natives.load(() -> JCublas2.setExceptionsEnabled(false));
            handle = create();
        }
        return handle;
    }

    private cublasHandle create() {
        cublasHandle made = new cublasHandle();
        check(JCublas2.cublasCreate(made), "cublasCreate");
        try {
            prepare(made);
        } catch (RuntimeException e) {
            JCublas2.cublasDestroy(made);
            throw e;
        }
        return made;
    }

    private void prepare(cublasHandle made) {
        long bytes = context.gpu().capability() >= HOPPER ? WORKSPACE_OF_HOPPER : WORKSPACE;
        workspace = memory.allocate(bytes);
        check(JCublas2.cublasSetStream(made, new cudaStream_t(context.stream())), "cublasSetStream");
        check(JCublas2.cublasSetWorkspace(made, new DevicePointer(workspace.address()), bytes), "cublasSetWorkspace");
        check(JCublas2.cublasSetMathMode(made, cublasMath.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION),
                "cublasSetMathMode");
    }

    /**
     * Checks a call.
     *
     * @throws CudaException unless the status means success
     */
    void check(int status, String call) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(call + " failed: " + cublasStatus.stringFor(status) + " (" + status + ")"
                    + advice(status), status);
        }
    }

    /**
     * Checks a call that queued work, and notes what work it was.
     *
     * @throws CudaException unless the status means success
     */
    void queued(int status, Record call) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            check(status, call.toString());
        }
        steps.note(call);
    }

    private static String advice(int status) {
        return switch (status) {
            case cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED, cublasStatus.CUBLAS_STATUS_ALLOC_FAILED ->
                    "; cuBLAS needs some 100 MiB of device memory for itself: use a smaller batch, or end other programs"
                            + " on the device";
            case cublasStatus.CUBLAS_STATUS_ARCH_MISMATCH, cublasStatus.CUBLAS_STATUS_NOT_SUPPORTED ->
                    "; install a newer cuBLAS 12";
            default -> "";
        };
    }

    @Override
    public void close() {
        if (handle != null) {
            JCublas2.cublasDestroy(handle);
            memory.free(workspace);
        }
        handle = null;
    }
}
