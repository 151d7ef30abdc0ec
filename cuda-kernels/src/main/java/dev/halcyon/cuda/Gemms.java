package dev.halcyon.cuda;

import dev.halcyon.device.Gemm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasOperation;

/** Products of matrices: cuBLAS where it is, our own kernels where it is not. */
final class Gemms {
    private static final System.Logger LOG = System.getLogger(Gemms.class.getName());
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private final Launcher launcher;
    private final Cublas cublas;
    private final Products products;
    private final MatrixProducts own;
    /** alpha and beta of a call, outside the heap: an array would hold up the garbage collector for as long as it lasts. */
    private final MemorySegment factors = Arena.ofAuto().allocate(2 * Float.BYTES, Float.BYTES);
    private boolean looked;
    private boolean found;

    /** What tells one call of cuBLAS from another, but for addresses. */
    private record Call(Gemm d, MatrixProducts.Extents extents, DataType factors, DataType sums) {
        @Override
        public String toString() {
            return "cublasGemmEx of " + extents + " with " + factors;
        }
    }

    Gemms(Launcher launcher, Cublas cublas) {
        this.launcher = launcher;
        this.cublas = cublas;
        products = new Products(launcher);
        own = new MatrixProducts(launcher, products);
    }

    void gemm(Gemm d, View a, View b, View c) {
        gemmBiasActivation(d, Unary.IDENTITY, a, b, null, c);
    }

    /** Each of a batch, see {@link #gemm}. */
    void batchedGemm(Gemm d, View a, View b, View c) {
        gemmBiasActivation(d, Unary.IDENTITY, a, b, null, c);
    }

    /** C = activation(alpha op(A) op(B) + beta C + bias), where the bias may be null. */
    void gemmBiasActivation(Gemm d, Unary activation, View a, View b, View bias, View c) {
        MatrixProducts.Extents extents = MatrixProducts.Extents.of(d, a.shape(), b.shape());
        ProductTarget target = extents.target(d, c).then(Epilogue.of(bias, activation));
        if (!hasCublas()) {
            own.multiply(d, a, b, extents, target);
            return;
        }
        byCublas(d, a, b, extents, c);
        if (!target.epilogue().isNone()) {
            products.addSlices(extents.n(), 0, target.scaled(1, 1), 0);
        }
    }

    /** Looks for cuBLAS once, when the first product is wanted, and says once in a process that it is missing. */
    private boolean hasCublas() {
        if (!looked) {
            looked = true;
            found = cublas.available();
            if (!found && WARNED.compareAndSet(false, true)) {
                LOG.log(Level.WARNING, Installation.noCublas());
            }
        }
        return found;
    }

    /** cuBLAS has its matrices by columns: there, ours are transposed, and C' = op(B)' op(A)'. */
    private void byCublas(Gemm d, View a, View b, MatrixProducts.Extents e, View c) {
        Call call = new Call(d, e, a.type(), c.type());
        factors.setAtIndex(ValueLayout.JAVA_FLOAT, 0, (float) d.alpha());
        factors.setAtIndex(ValueLayout.JAVA_FLOAT, 1, (float) d.beta());
        Pointer alpha = new HostPointer(factors);
        Pointer beta = new HostPointer(factors.asSlice(Float.BYTES));
        Pointer left = new DevicePointer(Views.address(b));
        Pointer right = new DevicePointer(Views.address(a));
        Pointer result = new DevicePointer(Views.address(c));
        int leftStep = (int) b.extent(-1);
        int rightStep = (int) a.extent(-1);
        int status = e.batch() == 1
                ? JCublas2.cublasGemmEx_new(cublas.handle(), operation(d.transposeB()), operation(d.transposeA()),
                        e.n(), e.m(), e.k(), alpha, left, type(b), leftStep, right, type(a), rightStep, beta, result,
                        type(c), e.n(), arithmetic(a), cublasGemmAlgo.CUBLAS_GEMM_DEFAULT)
                : JCublas2.cublasGemmStridedBatchedEx_new(cublas.handle(), operation(d.transposeB()),
                        operation(d.transposeA()), e.n(), e.m(), e.k(), alpha, left, type(b), leftStep,
                        (long) e.n() * e.k(), right, type(a), rightStep, (long) e.m() * e.k(), beta, result, type(c),
                        e.n(), (long) e.m() * e.n(), Math.toIntExact(e.batch()), arithmetic(a),
                        cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
        cublas.queued(status, call);
    }

    private static int operation(boolean transpose) {
        return transpose ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
    }

    private static int type(View view) {
        Views.suffix(view);
        return view.type() == DataType.BFLOAT16 ? cudaDataType.CUDA_R_16BF : cudaDataType.CUDA_R_32F;
    }

    /** Sums are float32; factors that are bfloat16 are multiplied exactly. */
    private int arithmetic(View factors) {
        if (factors.type() == DataType.BFLOAT16) {
            return cublasComputeType.CUBLAS_COMPUTE_32F;
        }
        return switch (launcher.precision()) {
            case FP32 -> cublasComputeType.CUBLAS_COMPUTE_32F;
            case TF32 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
            case BF16 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_16BF;
        };
    }
}
