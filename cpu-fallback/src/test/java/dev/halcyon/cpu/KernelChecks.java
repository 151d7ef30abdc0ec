package dev.halcyon.cpu;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Binary;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.Unary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The kernels in use against the plain loops, in rows of every length around the vector widths: where no sum is
 * involved, the same bits. A program, so that it can be run with forced vector widths.
 */
final class KernelChecks {
    private static final int MOST = 150;
    private static final int ROWS = 5;

    private final RowKernels plain = new ScalarRows();
    private final RowKernels rows = Vectorization.rows();
    private final Arena arena = Arena.ofAuto();

    private KernelChecks() {
    }

    /** Ends with an exception if a kernel is wrong. */
    public static void main(String[] arguments) {
        run();
        System.out.println("lanes " + Vectorization.lanes());
    }

    static void run() {
        KernelChecks checks = new KernelChecks();
        for (int n = 1; n <= MOST; n += n < 40 ? 1 : 11) {
            checks.functions(n);
            checks.combinations(n);
            checks.steps(n);
            checks.sums(n);
        }
        checks.functions(5000);
    }

    private void functions(int n) {
        for (Unary op : Unary.values()) {
            same(op + " of " + n, n, (kernels, at) -> kernels.unary(op, at[0], at[3], n));
            same(op + " in place of " + n, n, (kernels, at) -> kernels.unary(op, at[0], at[0], n));
            same(op + " gradient of " + n, n, (kernels, at) -> kernels.unaryGradient(op, at[0], at[1], at[3], n));
        }
    }

    private void combinations(int n) {
        for (Binary op : Binary.values()) {
            same(op + " of " + n, n, (kernels, at) -> kernels.binary(op, at[0], 1, at[1], 1, at[3], n));
            same(op + " by number of " + n, n, (kernels, at) -> kernels.binary(op, at[0], 1, at[1], 0, at[3], n));
            same(op + " of number of " + n, n, (kernels, at) -> kernels.binary(op, at[0], 0, at[1], 1, at[3], n));
        }
        same("scaleAdd of " + n, n, (kernels, at) -> kernels.scaleAdd(0.3f, at[0], -1.7f, at[1], n));
        same("scale of " + n, n, (kernels, at) -> kernels.scaleAdd(0.3f, at[0], 0, at[3], n));
        same("multiplyAdd of " + n, n, (kernels, at) -> kernels.multiplyAdd(at[0], at[1], at[2], n));
        same("addTo of " + n, n, (kernels, at) -> kernels.addTo(at[0], at[1], n));
    }

    private void steps(int n) {
        SgdStep plainStep = new SgdStep(0.1, 0, false, 0.01, 0.02);
        SgdStep momentum = new SgdStep(0.1, 0.9, false, 0.01, 0.02);
        SgdStep nesterov = new SgdStep(0.1, 0.9, true, 0.01, 0);
        for (SgdStep step : new SgdStep[] {plainStep, momentum, nesterov}) {
            same(step + " of " + n, n, (kernels, at) -> kernels.sgd(step, at[0], at[1], at[2], n));
        }
        AdamWStep adam = new AdamWStep(0.1, 0.9, 0.999, 1e-8, 0.01, 7);
        same(adam + " of " + n, n, (kernels, at) -> {
            kernels.binary(Binary.MULTIPLY, at[3], 1, at[3], 1, at[3], n);
            kernels.adamW(adam, at[0], at[1], at[2], at[3], n);
        });
    }

    private void sums(int n) {
        long[] at = blocks(n);
        close("sum of " + n, plain.sum(at[0], n), rows.sum(at[0], n), n);
        close("dot of " + n, plain.dot(at[0], at[1], n), rows.dot(at[0], at[1], n), n);
        close("max of " + n, plain.max(at[0], n), rows.max(at[0], n), 0);
        for (int i = 0; i < n; i++) {
            check(rows.allFinite(at[0], n), "all finite of " + n);
            float old = Memory.getFloat(at[0] + 4L * i);
            Memory.setFloat(at[0] + 4L * i, i % 2 == 0 ? Float.NaN : Float.NEGATIVE_INFINITY);
            check(!rows.allFinite(at[0], n), "not all finite of " + n);
            check(i % 2 != 0 || Float.isNaN(rows.max(at[0], n)), "NaN is the maximum of " + n);
            Memory.setFloat(at[0] + 4L * i, old);
        }
    }

    /** Something done by one set of kernels to four rows. */
    @FunctionalInterface
    private interface Work {
        void by(RowKernels kernels, long[] rows);
    }

    private void same(String name, int n, Work work) {
        long[] expected = blocks(n);
        long[] found = blocks(n);
        work.by(plain, expected);
        work.by(rows, found);
        for (int row = 0; row < expected.length; row++) {
            for (int i = 0; i < n + 1; i++) {
                float left = Memory.getFloat(expected[row] + 4L * i);
                float right = Memory.getFloat(found[row] + 4L * i);
                check(Float.compare(left, right) == 0, name + ", row " + row + ", element " + i + ": expected " + left
                        + ", found " + right);
            }
        }
    }

    /** Rows of numbers of all sizes, each with an element behind its end that nobody may touch. */
    private long[] blocks(int n) {
        MemorySegment memory = arena.allocate(4L * ROWS * (n + 1), 4);
        for (long i = 0; i < (long) ROWS * (n + 1); i++) {
            double spread = Math.sin(i * 12.9898 + 4.1) * 43758.5453;
            double number = (spread - Math.floor(spread) - 0.5) * Math.pow(10, i % 7 - 3);
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 29 == 7 ? Float.NaN : i % 31 == 11
                    ? Float.NEGATIVE_INFINITY : (float) number);
        }
        if (n <= MOST) {
            for (int i = 0; i < n + 1; i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sin(i * 0.7 + n));
            }
        }
        long[] at = new long[ROWS];
        Arrays.setAll(at, row -> memory.address() + 4L * row * (n + 1));
        return at;
    }

    private static void close(String name, double expected, double found, int terms) {
        boolean same = Double.compare(expected, found) == 0
                || Math.abs(expected - found) <= 1e-6 * Math.sqrt(terms) * Math.max(1, Math.abs(expected));
        check(same, name + ": expected " + expected + ", found " + found);
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new IllegalStateException(message);
        }
    }
}
