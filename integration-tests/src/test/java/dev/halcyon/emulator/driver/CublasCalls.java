package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jcuda.cudaDataType.CUDA_R_32F;
import static jcuda.jcublas.cublasPointerMode.CUBLAS_POINTER_MODE_HOST;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_EXECUTION_FAILED;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_INVALID_VALUE;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_NOT_SUPPORTED;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_SUCCESS;

import dev.halcyon.emulator.cublas.GemmCall;
import dev.halcyon.emulator.cublas.Operand;

/** cuBLAS: handles, and products of matrices. Alpha and beta are in host memory always. */
final class CublasCalls {
    /** A function's work and its status. */
    @FunctionalInterface
    private interface Body {
        int call(Arguments arguments);
    }

    private static final int[] VERSION = {12, 6, 0};

    private final Driver driver;

    CublasCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        add(functions, "cublasCreate_v2", this::create);
        add(functions, "cublasDestroy_v2", this::destroy);
        add(functions, "cublasSetStream_v2", this::setStream);
        add(functions, "cublasGetStream_v2", a -> answer(() -> a.setInt64(1, handle(a).stream().handle())));
        add(functions, "cublasSetMathMode", a -> answer(() -> handle(a).setMathMode(a.int32(1))));
        add(functions, "cublasGetMathMode", a -> answer(() -> a.setInt32(1, handle(a).mathMode())));
        add(functions, "cublasSetAtomicsMode", a -> answer(() -> handle(a).setAtomicsMode(a.int32(1))));
        add(functions, "cublasGetAtomicsMode", a -> answer(() -> a.setInt32(1, handle(a).atomicsMode())));
        add(functions, "cublasSetPointerMode_v2", a -> a.int32(1) == CUBLAS_POINTER_MODE_HOST
                ? CUBLAS_STATUS_SUCCESS
                : CUBLAS_STATUS_NOT_SUPPORTED);
        add(functions, "cublasGetPointerMode_v2", a -> answer(() -> a.setInt32(1, CUBLAS_POINTER_MODE_HOST)));
        add(functions, "cublasSetWorkspace_v2", this::setWorkspace);
        add(functions, "cublasGetVersion_v2",
                a -> answer(() -> a.setInt32(1, 10000 * VERSION[0] + 100 * VERSION[1] + VERSION[2])));
        add(functions, "cublasGetProperty", this::property);
        add(functions, "cublasSgemm_v2", this::product);
        add(functions, "cublasSgemmStridedBatched", this::batchedProduct);
        add(functions, "cublasGemmEx", this::typedProduct);
        add(functions, "cublasGemmStridedBatchedEx", this::batchedTypedProduct);
    }

    private static void add(Functions functions, String name, Body body) {
        functions.add(name, a -> {
            int status = guarded(body, a);
            DriverError.unless(status == CUBLAS_STATUS_SUCCESS, status);
        });
    }

    /** What goes wrong in the driver, cuBLAS answers with a status of its own. */
    private static int guarded(Body body, Arguments arguments) {
        try {
            return body.call(arguments);
        } catch (DriverError e) {
            return CUBLAS_STATUS_EXECUTION_FAILED;
        }
    }

    private static int answer(Runnable work) {
        work.run();
        return CUBLAS_STATUS_SUCCESS;
    }

    private CublasHandle handle(Arguments a) {
        return driver.handles().get(a.int64(0), CublasHandle.class);
    }

    private int create(Arguments a) {
        if (driver.settings().failures().cublas()) {
            return CUBLAS_STATUS_NOT_INITIALIZED;
        }
        Context context = driver.context();
        driver.captures().requireNone();
        long handle = driver.handles().reserve();
        driver.handles().put(handle, new CublasHandle(context));
        a.setInt64(0, handle);
        return CUBLAS_STATUS_SUCCESS;
    }

    private int destroy(Arguments a) {
        handle(a);
        driver.handles().remove(a.int64(0));
        return CUBLAS_STATUS_SUCCESS;
    }

    private int setStream(Arguments a) {
        handle(a).setStream(driver.stream(a.int64(1)));
        return CUBLAS_STATUS_SUCCESS;
    }

    /** The memory is only looked at: products are computed without. */
    private int setWorkspace(Arguments a) {
        handle(a);
        boolean fits = a.int64(2) == 0 || driver.deviceWith(a.int64(1), a.int64(2)) == handle(a).device();
        return fits ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
    }

    private int property(Arguments a) {
        if (a.int32(0) < 0 || a.int32(0) >= VERSION.length) {
            return CUBLAS_STATUS_INVALID_VALUE;
        }
        a.setInt32(1, VERSION[a.int32(0)]);
        return CUBLAS_STATUS_SUCCESS;
    }

    private int product(Arguments a) {
        return submit(a, GemmCall.single(a.int32(1), a.int32(2), a.int32(3), a.int32(4), a.int32(5), factor(a, 6),
                new Operand(a.int64(7), CUDA_R_32F, a.int32(8), 0),
                new Operand(a.int64(9), CUDA_R_32F, a.int32(10), 0), factor(a, 11),
                new Operand(a.int64(12), CUDA_R_32F, a.int32(13), 0), 1, handle(a).mathMode()));
    }

    private int batchedProduct(Arguments a) {
        return submit(a, GemmCall.single(a.int32(1), a.int32(2), a.int32(3), a.int32(4), a.int32(5), factor(a, 6),
                new Operand(a.int64(7), CUDA_R_32F, a.int32(8), a.int64(9)),
                new Operand(a.int64(10), CUDA_R_32F, a.int32(11), a.int64(12)), factor(a, 13),
                new Operand(a.int64(14), CUDA_R_32F, a.int32(15), a.int64(16)), a.int32(17), handle(a).mathMode()));
    }

    private int typedProduct(Arguments a) {
        return submit(a, new GemmCall(a.int32(1), a.int32(2), a.int32(3), a.int32(4), a.int32(5), factor(a, 6),
                new Operand(a.int64(7), a.int32(8), a.int32(9), 0),
                new Operand(a.int64(10), a.int32(11), a.int32(12), 0), factor(a, 13),
                new Operand(a.int64(14), a.int32(15), a.int32(16), 0), 1, a.int32(17), a.int32(18)));
    }

    private int batchedTypedProduct(Arguments a) {
        return submit(a, new GemmCall(a.int32(1), a.int32(2), a.int32(3), a.int32(4), a.int32(5), factor(a, 6),
                new Operand(a.int64(7), a.int32(8), a.int32(9), a.int64(10)),
                new Operand(a.int64(11), a.int32(12), a.int32(13), a.int64(14)), factor(a, 15),
                new Operand(a.int64(16), a.int32(17), a.int32(18), a.int64(19)), a.int32(20), a.int32(21),
                a.int32(22)));
    }

    /** Alpha or beta, which are read at the call. */
    private static float factor(Arguments a, int index) {
        return HostMemory.ALL.get(JAVA_FLOAT, a.pointer(index));
    }

    private int submit(Arguments a, GemmCall call) {
        CublasHandle handle = handle(a);
        int status = call.status().code();
        if (status == CUBLAS_STATUS_SUCCESS) {
            handle.stream().context().requireUsable();
            handle.stream().submit(new MatrixProduct(driver, handle.device(), call));
        }
        return status;
    }
}
