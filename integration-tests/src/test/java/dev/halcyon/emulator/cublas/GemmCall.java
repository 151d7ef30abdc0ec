package dev.halcyon.emulator.cublas;

import dev.halcyon.emulator.memory.DeviceMemory;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A call of {@code cublasGemmStridedBatchedEx} and of the functions that are a case of it: C = alpha op(A) op(B) + beta C
 * for each matrix of a batch, op(A) having m rows and k columns, op(B) k rows and n columns. Numbers are those of C's
 * headers, so that wrong ones are answered as the library answers them: {@link #status} at the call, {@link #execute}
 * when its stream comes to it.
 *
 * @param opA a {@code cublasOperation_t}: 0 as it is, 1 transposed, 2 transposed and conjugated, of real numbers the same
 * @param opB the same for B
 * @param batch how many products
 * @param computeType a {@code cublasComputeType_t}; the types of 16-bit and integer arithmetic and of float64 are answered
 *            as not supported
 * @param algorithm a {@code cublasGemmAlgo_t}; all do the same
 */
public record GemmCall(int opA, int opB, int m, int n, int k, float alpha, Operand a, Operand b, float beta, Operand c,
        int batch, int computeType, int algorithm) {
    private static final int FIRST_ALGORITHM = -1;
    private static final int LAST_ALGORITHM = 23;
    private static final int FIRST_TENSOR_ALGORITHM = 99;
    private static final int LAST_TENSOR_ALGORITHM = 115;
    private static final int CONJUGATED = 2;

    /** {@code cublasSgemmStridedBatched}, of which {@code cublasSgemm} is the case of one product. */
    public static GemmCall single(int opA, int opB, int m, int n, int k, float alpha, Operand a, Operand b, float beta,
            Operand c, int batch, int mathMode) {
        return new GemmCall(opA, opB, m, n, k, alpha, a, b, beta, c, batch, ComputeType.ofMathMode(mathMode),
                FIRST_ALGORITHM);
    }

    /** What the call answers; it has an effect only if that is success. */
    public CublasStatus status() {
        boolean isInRange = m >= 0 && n >= 0 && k >= 0 && batch >= 0 && isOperation(opA) && isOperation(opB)
                && a.leadingDimension() >= Math.max(1, opA == 0 ? m : k)
                && b.leadingDimension() >= Math.max(1, opB == 0 ? k : n) && c.leadingDimension() >= Math.max(1, m);
        if (!isInRange) {
            return CublasStatus.INVALID_VALUE;
        }
        return isAlgorithm() && types().isPresent() ? CublasStatus.SUCCESS : CublasStatus.NOT_SUPPORTED;
    }

    private static boolean isOperation(int op) {
        return op >= 0 && op <= CONJUGATED;
    }

    private boolean isAlgorithm() {
        return algorithm >= FIRST_ALGORITHM && algorithm <= LAST_ALGORITHM
                || algorithm >= FIRST_TENSOR_ALGORITHM && algorithm <= LAST_TENSOR_ALGORITHM;
    }

    /** What the codes stand for; empty if the library has no product of these types. */
    private Optional<Types> types() {
        return ComputeType.of(computeType)
                .flatMap(compute -> Element.of(a.type())
                        .flatMap(factors -> Element.of(c.type()).map(result -> new Types(compute, factors, result))))
                .filter(types -> a.type() == b.type() && types.exist());
    }

    /** The table of types in the documentation of {@code cublasGemmEx}. */
    private record Types(ComputeType compute, Element factors, Element result) {
        boolean exist() {
            boolean areFloats = factors == Element.R_32F && result == Element.R_32F;
            boolean areHalves = factors != Element.R_32F && (result == factors || result == Element.R_32F);
            return areFloats || areHalves && !compute.isDownConverting();
        }
    }

    /**
     * Computes the products. Where beta is zero C is not read; of the elements between columns none is touched.
     *
     * @param findings told of each matrix of which elements are read that were never written
     * @throws dev.halcyon.emulator.memory.AccessFault if a matrix is not inside an allocation or not aligned to its
     *             elements
     * @throws IllegalStateException if {@link #status} is no success
     */
    public void execute(DeviceMemory memory, Consumer<String> findings) {
        if (status() != CublasStatus.SUCCESS) {
            throw new IllegalStateException("this product was refused at the call");
        }
        Types types = types().orElseThrow();
        Storage storage = new Storage(memory, findings);
        for (int i = 0; m > 0 && n > 0 && i < batch; i++) {
            Stored left = stored("A", a, types.factors, i);
            Stored right = stored("B", b, types.factors, i);
            float[] sums = new float[Math.multiplyExact(m, n)];
            if (k > 0) {
                float[] factorsA = opA == 0 ? storage.read(left, m, k) : storage.readTransposed(left, m, k);
                float[] factorsB = opB == 0 ? storage.read(right, k, n) : storage.readTransposed(right, k, n);
                types.compute.convert(factorsA);
                types.compute.convert(factorsB);
                Products.multiply(factorsA, factorsB, m, n, k, sums);
            }
            finish(storage, stored("C", c, types.result, i), sums);
        }
    }

    private static Stored stored(String name, Operand operand, Element element, int number) {
        long start = operand.address() + number * operand.stride() * element.bytes();
        return new Stored(name, start, element, operand.leadingDimension());
    }

    private void finish(Storage storage, Stored target, float[] sums) {
        if (beta == 0) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] *= alpha;
            }
        } else {
            float[] before = storage.read(target, m, n);
            for (int i = 0; i < sums.length; i++) {
                sums[i] = alpha * sums[i] + beta * before[i];
            }
        }
        storage.write(target, m, n, sums);
    }
}
