package dev.halcyon.emulator.cublas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.halcyon.emulator.arithmetic.FloatFormat;
import dev.halcyon.emulator.arithmetic.Half;
import dev.halcyon.emulator.arithmetic.Rounding;
import dev.halcyon.emulator.memory.AccessFault;
import dev.halcyon.emulator.memory.DeviceMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products by the emulated cuBLAS against three loops in double, and its answers to wrong parameters. */
final class GemmCallTest {
    private static final int F32 = Matrices.F32;
    private static final int F16 = Matrices.F16;
    private static final int BF16 = Matrices.BF16;
    private static final int F64 = 1;
    private static final int COMPUTE_32F = 68;
    private static final int COMPUTE_32F_FAST_16F = 74;
    private static final int COMPUTE_32F_FAST_16BF = 75;
    private static final int COMPUTE_32F_FAST_TF32 = 77;
    private static final int DEFAULT_ALGORITHM = -1;

    private final DeviceMemory memory = new DeviceMemory(0, 64 << 20);
    private final Random random = new Random(40);

    @AfterEach
    void close() {
        memory.close();
    }

    /** How factors are brought to a shorter type, by the formats' own definitions. */
    private static double convert(int computeType, double x) {
        return switch (computeType) {
            case COMPUTE_32F_FAST_16F -> Half.F16.toFloat(Half.F16.of((float) x));
            case COMPUTE_32F_FAST_16BF -> Half.BF16.toFloat(Half.BF16.of((float) x));
            case COMPUTE_32F_FAST_TF32 ->
                    FloatFormat.TF32.round(x, Rounding.NEAREST_AWAY);
            default -> x;
        };
    }

    /** A shape of products. */
    private record Shape(int opA, int opB, int m, int n, int k, int batch, int gap) {
    }

    /** Types of the factors and of the result, and the type in which they are multiplied. */
    private record Types(int factors, int result, int compute) {
    }

    private static double rounded(int type, double x) {
        return switch (type) {
            case F16 -> Half.F16.toFloat(Half.F16.of((float) x));
            case BF16 -> Half.BF16.toFloat(Half.BF16.of((float) x));
            default -> x;
        };
    }

    /** A sum of products, and that of their magnitudes, by which its rounding is judged. */
    private record Sum(double value, double magnitude) {
    }

    private static Sum sum(Shape shape, Types types, Matrices a, Matrices b, int matrix, int row, int column) {
        double value = 0;
        double magnitude = 0;
        for (int term = 0; term < shape.k; term++) {
            double left = shape.opA == 0 ? a.at(matrix, row, term) : a.at(matrix, term, row);
            double right = shape.opB == 0 ? b.at(matrix, term, column) : b.at(matrix, column, term);
            double product = convert(types.compute, left) * convert(types.compute, right);
            value += product;
            magnitude += Math.abs(product);
        }
        return new Sum(value, magnitude);
    }

    private Matrices matrices(int type, boolean isPlain, int rows, int columns, Shape shape, DoubleSupplier draws) {
        return isPlain
                ? new Matrices(memory, type, rows, columns, shape.batch, shape.gap, draws)
                : new Matrices(memory, type, columns, rows, shape.batch, 2 * shape.gap, draws);
    }

    /**
     * Computes and compares.
     *
     * @param isExact whether all sums are float32 numbers; if not, each of the k + 4 roundings may err by half a unit
     */
    private void check(Shape shape, Types types, float alpha, float beta, boolean isExact, DoubleSupplier draws) {
        Matrices a = matrices(types.factors, shape.opA == 0, shape.m, shape.k, shape, draws);
        Matrices b = matrices(types.factors, shape.opB == 0, shape.k, shape.n, shape, draws);
        Matrices c = matrices(types.result, true, shape.m, shape.n, shape, draws);
        GemmCall call = new GemmCall(shape.opA, shape.opB, shape.m, shape.n, shape.k, alpha, a.operand(), b.operand(),
                beta, c.operand(), shape.batch, types.compute, DEFAULT_ALGORITHM);
        assertEquals(CublasStatus.SUCCESS, call.status());
        call.execute(memory, finding -> fail(finding));
        for (int matrix = 0; matrix < shape.batch; matrix++) {
            for (int row = 0; row < shape.m; row++) {
                for (int column = 0; column < shape.n; column++) {
                    Sum sum = sum(shape, types, a, b, matrix, row, column);
                    double before = beta == 0 ? 0 : beta * c.at(matrix, row, column);
                    double magnitude = Math.abs(alpha) * sum.magnitude + Math.abs(before);
                    assertEquals(rounded(types.result, alpha * sum.value + before),
                            c.load(c.index(matrix, row, column)),
                            isExact ? 0 : (shape.k + 4) * 0x1p-24 * magnitude, () -> shape + " " + types);
                }
            }
        }
        c.checkGaps();
    }

    private double small() {
        return random.nextInt(17) - 8;
    }

    /** Small whole numbers: every sum is exact, so a wrong factor anywhere shows. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "1, 0", "1, 1", "2, 2"})
    void operationsGapsAndBatches(int opA, int opB) {
        for (int[] extents : new int[][] {{1, 1, 1}, {3, 5, 7}, {8, 8, 8}, {17, 1, 33}, {1, 19, 4}, {33, 18, 2},
            {1100, 3, 5}, {2, 3, 521}}) {
            for (int batch : new int[] {1, 3}) {
                for (int gap : new int[] {0, 3}) {
                    Shape shape = new Shape(opA, opB, extents[0], extents[1], extents[2], batch, gap);
                    check(shape, new Types(F32, F32, COMPUTE_32F), 1, 0, true, this::small);
                    check(shape, new Types(F32, F32, COMPUTE_32F), -2, 3, true, this::small);
                    check(shape, new Types(BF16, F32, COMPUTE_32F), 0.5f, 1, true, this::small);
                    check(shape, new Types(F16, F16, COMPUTE_32F), 1, 1, true, this::small);
                    check(shape, new Types(BF16, BF16, COMPUTE_32F), 1, -1, true, this::small);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {COMPUTE_32F, COMPUTE_32F_FAST_16F, COMPUTE_32F_FAST_16BF, COMPUTE_32F_FAST_TF32})
    void normalDrawsInEveryComputeType(int computeType) {
        for (int ops = 0; ops < 4; ops++) {
            Shape shape = new Shape(ops & 1, ops >> 1, 37, 29, 61, 2, 1);
            check(shape, new Types(F32, F32, computeType), 1.3f, 0.7f, false, random::nextGaussian);
        }
    }

    /** 1 + 2^-9 is no bfloat16, 1 + 2^-12 no TF32: what is lost shows which type multiplied. */
    @Test
    void factorsAreRoundedAsTheComputeTypeSays() {
        assertEquals(1, product(COMPUTE_32F_FAST_16BF, 1 + 0x1p-9f));
        assertEquals(1 + 0x1p-7f, product(COMPUTE_32F_FAST_16BF, 1 + 0x1.8p-8f));
        assertEquals(1 + 0x1p-10f, product(COMPUTE_32F_FAST_TF32, 1 + 0x1p-11f), "half a unit goes up");
        assertEquals(1, product(COMPUTE_32F_FAST_TF32, 1 + 0x1p-12f));
        assertEquals(1, product(COMPUTE_32F_FAST_16F, 1 + 0x1p-11f), "half a unit goes to the even number");
        assertEquals(Float.POSITIVE_INFINITY, product(COMPUTE_32F_FAST_16F, 70000));
        assertEquals(1 + 0x1p-23f, product(COMPUTE_32F, 1 + 0x1p-23f));
    }

    private float product(int computeType, float factor) {
        Operand left = scalar(factor);
        Operand right = scalar(1);
        Operand target = scalar(Float.NaN);
        new GemmCall(0, 0, 1, 1, 1, 1, left, right, 0, target, 1, computeType, DEFAULT_ALGORITHM).execute(memory,
                finding -> fail(finding));
        return memory.getFloat(target.address());
    }

    private Operand scalar(float x) {
        long address = memory.allocate(4);
        memory.setFloat(address, x);
        return new Operand(address, F32, 1, 0);
    }

    @Test
    void singleFollowsTheMathMode() {
        int tf32 = 3;
        int withFlag = 16 + tf32;
        Operand one = scalar(1);
        for (int mode : new int[] {0, 1, 2, 16}) {
            assertEquals(COMPUTE_32F, GemmCall.single(0, 0, 1, 1, 1, 1, one, one, 0, one, 1, mode).computeType());
        }
        assertEquals(COMPUTE_32F_FAST_TF32, GemmCall.single(0, 0, 1, 1, 1, 1, one, one, 0, one, 1, tf32).computeType());
        GemmCall call = GemmCall.single(0, 1, 1, 1, 1, 3, one, one, 2, one, 1, withFlag);
        assertEquals(COMPUTE_32F_FAST_TF32, call.computeType());
        call.execute(memory, finding -> fail(finding));
        assertEquals(5, memory.getFloat(one.address()));
    }

    /** NaN and memory never written, where beta is zero, do not count. */
    @Test
    void zeroBetaDoesNotReadTheResult() {
        Operand target = new Operand(memory.allocate(4), F32, 1, 0);
        new GemmCall(0, 0, 1, 1, 1, 2, scalar(3), scalar(4), 0, target, 1, COMPUTE_32F, DEFAULT_ALGORITHM)
                .execute(memory, finding -> fail(finding));
        assertEquals(24, memory.getFloat(target.address()));
        assertEquals(-1, memory.firstUnwritten(target.address(), 4));
    }

    @Test
    void emptySumsScaleTheResult() {
        Operand target = scalar(5);
        Operand nowhere = new Operand(0, F32, 1, 0);
        new GemmCall(0, 0, 1, 1, 0, 1, nowhere, nowhere, 3, target, 1, COMPUTE_32F, DEFAULT_ALGORITHM).execute(memory,
                finding -> fail(finding));
        assertEquals(15, memory.getFloat(target.address()));
        new GemmCall(0, 0, 0, 1, 1, 1, nowhere, nowhere, 3, nowhere, 1, COMPUTE_32F, DEFAULT_ALGORITHM)
                .execute(memory, finding -> fail(finding));
        new GemmCall(0, 0, 1, 1, 1, 1, target, target, 0, target, 0, COMPUTE_32F, DEFAULT_ALGORITHM)
                .execute(memory, finding -> fail(finding));
        assertEquals(15, memory.getFloat(target.address()), "an empty batch");
    }

    /** A stride of zero is one matrix for the whole batch. */
    @Test
    void aFactorMayBeShared() {
        long address = memory.allocate(12);
        for (int i = 0; i < 3; i++) {
            memory.setFloat(address + 4 * i, i + 1);
        }
        Operand each = new Operand(address, F32, 1, 1);
        new GemmCall(0, 0, 1, 1, 1, 1, scalar(10), each, 1, each, 3, COMPUTE_32F, DEFAULT_ALGORITHM).execute(memory,
                finding -> fail(finding));
        for (int i = 0; i < 3; i++) {
            assertEquals(11 * (i + 1), memory.getFloat(address + 4 * i));
        }
    }

    private GemmCall call(int opA, int opB, int m, int n, int k, int lda, int ldb, int ldc) {
        return new GemmCall(opA, opB, m, n, k, 1, new Operand(0, F32, lda, 0), new Operand(0, F32, ldb, 0), 0,
                new Operand(0, F32, ldc, 0), 1, COMPUTE_32F, DEFAULT_ALGORITHM);
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertEquals(CublasStatus.SUCCESS, call(0, 0, 4, 5, 6, 4, 6, 4).status());
        assertEquals(CublasStatus.SUCCESS, call(1, 1, 4, 5, 6, 6, 5, 4).status());
        assertEquals(CublasStatus.SUCCESS, call(0, 0, 0, 0, 0, 1, 1, 1).status());
        List<GemmCall> wrong = new ArrayList<>(List.of(call(-1, 0, 4, 5, 6, 9, 9, 9), call(0, 3, 4, 5, 6, 9, 9, 9),
                call(0, 0, -1, 5, 6, 9, 9, 9), call(0, 0, 4, -1, 6, 9, 9, 9), call(0, 0, 4, 5, -1, 9, 9, 9),
                call(0, 0, 4, 5, 6, 3, 6, 4), call(1, 0, 4, 5, 6, 5, 6, 4), call(0, 0, 4, 5, 6, 4, 5, 4),
                call(0, 1, 4, 5, 6, 4, 4, 4), call(0, 0, 4, 5, 6, 4, 6, 3), call(0, 0, 0, 0, 0, 0, 1, 1)));
        GemmCall good = call(0, 0, 4, 5, 6, 4, 6, 4);
        wrong.add(new GemmCall(0, 0, 4, 5, 6, 1, good.a(), good.b(), 0, good.c(), -1, COMPUTE_32F, DEFAULT_ALGORITHM));
        for (GemmCall call : wrong) {
            assertEquals(CublasStatus.INVALID_VALUE, call.status(), call::toString);
            assertThrows(IllegalStateException.class, () -> call.execute(memory, finding -> fail(finding)));
        }
    }

    private static CublasStatus status(int typeA, int typeB, int typeC, int computeType, int algorithm) {
        return new GemmCall(0, 0, 1, 1, 1, 1, new Operand(0, typeA, 1, 0), new Operand(0, typeB, 1, 0), 0,
                new Operand(0, typeC, 1, 0), 1, computeType, algorithm).status();
    }

    @Test
    void combinationsOfTypes() {
        assertEquals(CublasStatus.SUCCESS, status(BF16, BF16, F32, COMPUTE_32F, 99));
        assertEquals(CublasStatus.SUCCESS, status(F16, F16, F16, 69, 115));
        for (int[] wrong : new int[][] {{BF16, F16, F32, COMPUTE_32F, -1}, {BF16, BF16, F16, COMPUTE_32F, -1},
            {F32, F32, BF16, COMPUTE_32F, -1}, {BF16, BF16, F32, COMPUTE_32F_FAST_16BF, -1},
            {F16, F16, F32, COMPUTE_32F_FAST_TF32, -1}, {F64, F64, F64, 70, -1}, {F32, F32, F32, 64, -1},
            {F32, F32, F32, COMPUTE_32F, 24}, {F32, F32, F32, COMPUTE_32F, 116}}) {
            assertEquals(CublasStatus.NOT_SUPPORTED, status(wrong[0], wrong[1], wrong[2], wrong[3], wrong[4]));
        }
    }

    @Test
    void matricesOutsideTheirAllocationAreFound() {
        Operand two = new Operand(memory.allocate(8), F32, 2, 0);
        memory.setFloat(two.address(), 1);
        memory.setFloat(two.address() + 4, 1);
        Operand one = scalar(1);
        GemmCall tooLarge = new GemmCall(0, 0, 2, 1, 2, 1, two, two, 0, two, 1, COMPUTE_32F, DEFAULT_ALGORITHM);
        assertThrows(AccessFault.class, () -> tooLarge.execute(memory, finding -> fail(finding)));
        Operand odd = new Operand(two.address() + 2, F32, 1, 0);
        GemmCall misaligned = new GemmCall(0, 0, 1, 1, 1, 1, one, odd, 0, one, 1, COMPUTE_32F, DEFAULT_ALGORITHM);
        AccessFault fault = assertThrows(AccessFault.class, () -> misaligned.execute(memory, finding -> fail(finding)));
        assertTrue(fault.getMessage().startsWith("matrix B of a product is at 0x"), fault::getMessage);
    }

    @Test
    void elementsNeverWrittenAreReported() {
        Operand unwritten = new Operand(memory.allocate(8), F32, 2, 0);
        memory.setFloat(unwritten.address(), 1);
        Operand target = new Operand(memory.allocate(8), F32, 2, 0);
        List<String> findings = new ArrayList<>();
        new GemmCall(0, 0, 2, 1, 1, 1, unwritten, scalar(2), 0, target, 1, COMPUTE_32F, DEFAULT_ALGORITHM)
                .execute(memory, findings::add);
        assertEquals(List.of("cuBLAS reads elements of matrix A at 0x" + Long.toHexString(unwritten.address())
                + " that were never written"), findings);
    }

    @ParameterizedTest
    @EnumSource
    void statusesHaveTheNumbersOfTheHeader(CublasStatus status) {
        assertEquals(switch (status) {
            case SUCCESS -> 0;
            case INVALID_VALUE -> 7;
            case NOT_SUPPORTED -> 15;
        }, status.code());
    }
}
