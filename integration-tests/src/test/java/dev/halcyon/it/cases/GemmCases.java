package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.inout;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.Gemm;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rows of matrix products. */
final class GemmCases {
    private static final boolean[] BOTH = {false, true};

    /** m, n, k: ones, odd sizes, and sizes around register tiles and vector widths. */
    private static final long[][] SIZES = {{1, 1, 1}, {1, 17, 5}, {17, 1, 5}, {5, 7, 1}, {15, 16, 17}, {16, 48, 31},
        {33, 49, 63}, {9, 47, 65}, {31, 15, 33}, {64, 10, 100}, {3, 5, 700}, {130, 65, 20}};

    private GemmCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        for (boolean transposeA : BOTH) {
            for (boolean transposeB : BOTH) {
                for (long[] size : SIZES) {
                    rows.add(gemm(Gemm.of(transposeA, transposeB), size));
                    rows.add(biased(Gemm.of(transposeA, transposeB), Unary.RELU, size));
                }
                rows.add(gemm(Gemm.of(transposeA, transposeB).accumulate(), 33, 49, 63));
                rows.add(gemm(new Gemm(transposeA, transposeB, -0.7, 0.3), 17, 33, 31));
                rows.add(gemm(new Gemm(transposeA, transposeB, 2, 0), 17, 33, 31));
                rows.add(gemm(new Gemm(transposeA, transposeB, 1, 1), 70, 50, 600));
                rows.add(batched(Gemm.of(transposeA, transposeB), 3, 9, 17, 33));
                rows.add(batched(new Gemm(transposeA, transposeB, 0.5, 1), 5, 16, 15, 7));
                rows.add(batched(Gemm.of(transposeA, transposeB), 1, 40, 40, 40));
            }
        }
        rows.add(gemm(Gemm.PLAIN, 150, 150, 150));
        rows.add(gemm(Gemm.PLAIN, 200, 210, 190));
        rows.add(gemm(Gemm.PLAIN, 30, 40, 4500));
        rows.add(gemm(new Gemm(true, false, 1, 1), 40, 30, 4500));
        rows.add(gemm(Gemm.PLAIN, 1, 300, 1000));
        rows.add(gemm(Gemm.PLAIN.accumulate(), 16, 49, 700));
        rows.add(gemm(new Gemm(true, false, 2, 1), 9, 33, 500));
        rows.add(gemm(new Gemm(false, true, 1, 0), 2, 300, 401));
        rows.add(gemm(Gemm.of(false, true).accumulate(), 3, 47, 75));
        rows.add(gemm(Gemm.PLAIN, 600, 16, 100));
        rows.add(batched(Gemm.PLAIN, 40, 12, 12, 12));
        for (Unary activation : List.of(Unary.IDENTITY, Unary.RELU6, Unary.GELU, Unary.SILU, Unary.SIGMOID, Unary.TANH,
                Unary.HARD_SWISH)) {
            rows.add(biased(Gemm.PLAIN, activation, 19, 33, 17));
        }
        rows.add(biased(new Gemm(false, false, 0.5, 1), Unary.RELU, 19, 33, 17));
        rows.add(infected());
        return rows;
    }

    private static KernelCase gemm(Gemm d, long... mnk) {
        return KernelCase.of("gemm", label(d, mnk), (b, v) -> b.gemm(d, v[0], v[1], v[2]), in(left(d, mnk)),
                in(right(d, mnk)), result(d, Shape.of(mnk[0], mnk[1]))).sumOf(mnk[2] + 1);
    }

    private static KernelCase biased(Gemm d, Unary activation, long... mnk) {
        return KernelCase.of("gemmBiasActivation", activation + " " + label(d, mnk),
                (b, v) -> b.gemmBiasActivation(d, activation, v[0], v[1], v[2], v[3]), in(left(d, mnk)),
                in(right(d, mnk)), in(Shape.of(mnk[1])), result(d, Shape.of(mnk[0], mnk[1]))).sumOf(mnk[2] + 2);
    }

    private static KernelCase batched(Gemm d, long batch, long... mnk) {
        return KernelCase.of("batchedGemm", batch + " times " + label(d, mnk),
                (b, v) -> b.batchedGemm(d, v[0], v[1], v[2]), in(left(d, mnk).prepend(batch)),
                in(right(d, mnk).prepend(batch)), result(d, Shape.of(batch, mnk[0], mnk[1]))).sumOf(mnk[2] + 1);
    }

    /** A NaN in A reaches its row of C and no other. */
    private static KernelCase infected() {
        return KernelCase.of("gemm", "with a NaN", (b, v) -> b.gemm(Gemm.PLAIN, v[0], v[1], v[2]),
                in(Shape.of(20, 30), Values.NORMAL.with(Double.NaN, 95, 10_000)), in(Shape.of(30, 18)),
                out(Shape.of(20, 18))).sumOf(30);
    }

    private static String label(Gemm d, long... mnk) {
        return mnk[0] + "x" + mnk[1] + "x" + mnk[2] + (d.transposeA() ? " A'" : "") + (d.transposeB() ? " B'" : "")
                + (d.alpha() == 1 ? "" : " alpha " + d.alpha()) + (d.beta() == 0 ? "" : " beta " + d.beta());
    }

    private static Shape left(Gemm d, long... mnk) {
        return d.transposeA() ? Shape.of(mnk[2], mnk[0]) : Shape.of(mnk[0], mnk[2]);
    }

    private static Shape right(Gemm d, long... mnk) {
        return d.transposeB() ? Shape.of(mnk[1], mnk[2]) : Shape.of(mnk[2], mnk[1]);
    }

    private static Argument result(Gemm d, Shape shape) {
        return d.beta() == 0 ? out(shape) : inout(shape);
    }
}
