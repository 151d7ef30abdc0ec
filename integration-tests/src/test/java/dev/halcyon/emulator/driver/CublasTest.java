package dev.halcyon.emulator.driver;

import static dev.halcyon.emulator.driver.TestDevice.check;
import static jcuda.cudaDataType.CUDA_R_32F;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasGemmEx_new;
import static jcuda.jcublas.JCublas2.cublasGemmStridedBatchedEx_new;
import static jcuda.jcublas.JCublas2.cublasGetVersion;
import static jcuda.jcublas.JCublas2.cublasSaxpy;
import static jcuda.jcublas.JCublas2.cublasSetStream;
import static jcuda.jcublas.JCublas2.cublasSgemm;
import static jcuda.jcublas.JCublas2.cublasSgemmStridedBatched;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F;
import static jcuda.jcublas.cublasGemmAlgo.CUBLAS_GEMM_DEFAULT;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_INVALID_VALUE;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_NOT_SUPPORTED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;
import org.junit.jupiter.api.Test;

/** cuBLAS as the real JCublas sees it; what its products are is tested where they are computed. */
final class CublasTest {
    private static final Pointer ONE = Pointer.to(new float[] {1});
    private static final Pointer ZERO = Pointer.to(new float[] {0});

    private static cublasHandle create(CUstream stream) {
        cublasHandle handle = new cublasHandle();
        assertEquals(0, cublasCreate(handle));
        assertEquals(0, cublasSetStream(handle, new cudaStream_t(stream)));
        return handle;
    }

    /** A device with cuBLAS loaded by JCuda. */
    private static TestDevice start(Failures failures) {
        TestDevice device = TestDevice.start(Settings.standard().withFailures(failures));
        TestDevice.loadJCublas();
        return device;
    }

    @Test
    void productsAreQueuedOnTheStreamOfTheHandle() {
        try (TestDevice device = start(Failures.none())) {
            CUstream stream = device.stream();
            cublasHandle handle = create(stream);
            CUdeviceptr a = device.numbers(1, 2, 3, 4); // (1 3; 2 4)
            CUdeviceptr b = device.numbers(5, 6);
            CUdeviceptr c = device.numbers(0, 0);
            assertEquals(0, cublasSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, 2, 1, 2, ONE, a, 2, b, 2, ZERO, c, 2));
            assertArrayEquals(new float[] {0, 0}, device.read(c, 2));
            check(cuStreamSynchronize(stream));
            assertArrayEquals(new float[] {23, 34}, device.read(c, 2));
            assertEquals(0,
                    cublasGemmEx_new(handle, CUBLAS_OP_T, CUBLAS_OP_N, 2, 1, 2, ONE, a, CUDA_R_32F, 2, b, CUDA_R_32F,
                            2, ONE, c, CUDA_R_32F, 2, CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT));
            check(cuStreamSynchronize(stream));
            assertArrayEquals(new float[] {23 + 17, 34 + 39}, device.read(c, 2));
            assertEquals(new Launch.Product(0, 2, 1, 2, 1, CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_32F, CUDA_R_32F,
                    false),
                    device.gpu().launches().stream().filter(Launch.Product.class::isInstance).findFirst()
                            .orElseThrow());
            assertEquals(1, device.gpu().alive().cublasHandles());
            assertEquals(0, cublasDestroy(handle));
            assertEquals(0, device.gpu().alive().cublasHandles());
        }
    }

    @Test
    void productsOfABatch() {
        try (TestDevice device = start(Failures.none())) {
            CUstream stream = device.stream();
            cublasHandle handle = create(stream);
            CUdeviceptr a = device.numbers(1, 2, 3, 4);
            CUdeviceptr b = device.numbers(5, 6);
            CUdeviceptr c = device.numbers(0, 0, 0, 0);
            assertEquals(0, cublasSgemmStridedBatched(handle, CUBLAS_OP_N, CUBLAS_OP_N, 2, 1, 1, ONE, a, 2, 2, b, 1, 1,
                    ZERO, c, 2, 2, 2));
            assertEquals(0,
                    cublasGemmStridedBatchedEx_new(handle, CUBLAS_OP_N, CUBLAS_OP_N, 2, 1, 1, ONE, a, CUDA_R_32F, 2,
                            2, b, CUDA_R_32F, 1, 0, ONE, c, CUDA_R_32F, 2, 2, 2, CUBLAS_COMPUTE_32F,
                            CUBLAS_GEMM_DEFAULT));
            check(cuStreamSynchronize(stream));
            assertArrayEquals(new float[] {10, 20, 33, 44}, device.read(c, 4));
        }
    }

    @Test
    void productsAreCaptured() {
        try (TestDevice device = start(Failures.none())) {
            CUstream stream = device.stream();
            cublasHandle handle = create(stream);
            CUdeviceptr a = device.numbers(2);
            CUdeviceptr c = device.numbers(1);
            check(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
            assertEquals(0, cublasSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, ONE, a, 1, a, 1, ONE, c, 1));
            CUgraph graph = new CUgraph();
            check(cuStreamEndCapture(stream, graph));
            CUgraphExec executable = new CUgraphExec();
            check(cuGraphInstantiate(executable, graph, 0));
            check(cuGraphLaunch(executable, stream));
            check(cuGraphLaunch(executable, stream));
            check(cuStreamSynchronize(stream));
            assertArrayEquals(new float[] {9}, device.read(c, 1));
        }
    }

    @Test
    void refusalsAreCublasOwn() {
        try (TestDevice device = start(Failures.none())) {
            cublasHandle handle = create(device.stream());
            CUdeviceptr a = device.numbers(2);
            assertEquals(CUBLAS_STATUS_INVALID_VALUE,
                    cublasSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, 2, 1, 1, ONE, a, 1, a, 1, ONE, a, 1));
            assertEquals(CUBLAS_STATUS_NOT_SUPPORTED, cublasSaxpy(handle, 1, ONE, a, 1, a, 1));
            int[] version = new int[1];
            assertEquals(0, cublasGetVersion(handle, version));
            assertEquals(120600, version[0]);
        }
    }

    @Test
    void cublasMayBeUnableToStart() {
        try (TestDevice _ = start(Failures.cublasNotInitialised())) {
            assertEquals(CUBLAS_STATUS_NOT_INITIALIZED, cublasCreate(new cublasHandle()));
        }
    }
}
