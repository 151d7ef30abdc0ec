package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.inout;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.Reduce;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Rows of sums, means, maxima, sums of squares, and of the places of the largest. */
final class ReductionCases {
    private static final double NAN = Double.NaN;
    private static final double LOWEST = Double.NEGATIVE_INFINITY;

    private ReductionCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        for (Reduce.Kind kind : Reduce.Kind.values()) {
            for (long size : new long[] {1, 15, 17, 33, 65, 1027, 70_001}) {
                rows.add(reduce(kind, Shape.of(size), 0));
            }
            rows.add(reduce(kind, Shape.of(1, 1), 0, 1));
            rows.add(reduce(kind, Shape.SCALAR));
            rows.add(reduce(kind, Shape.of(33, 65), 0));
            rows.add(reduce(kind, Shape.of(33, 65), 1));
            rows.add(reduce(kind, Shape.of(47, 1), 0));
            rows.add(reduce(kind, Shape.of(1, 47), 0));
            rows.add(reduce(kind, Shape.of(5, 7, 9), 1));
            rows.add(reduce(kind, Shape.of(5, 7, 9), 0, 2));
            rows.add(reduce(kind, Shape.of(5, 7, 9)));
            rows.add(reduce(kind, Shape.of(4, 6, 6, 33), 0, 1, 2));
            rows.add(reduce(kind, Shape.of(4, 6, 6, 33), 1, 2));
            rows.add(reduce(kind, Shape.of(2, 3, 4, 5, 3), 1, 3));
            rows.add(reduce(kind, Shape.of(3000, 17), 0));
            rows.add(reduce(kind, Shape.of(17, 3000), 1));
            rows.add(reduce(" around 100", kind, Shape.of(20, 2000), Values.normal(100, 1), 0, 1));
            rows.add(reduce(" with a NaN", kind, Shape.of(9, 40), Values.NORMAL.with(NAN, 50, 1000), 1));
            rows.add(reduce(" with a NaN", kind, Shape.of(40, 9), Values.NORMAL.with(NAN, 50, 1000), 0));
            rows.add(reduce(" with minus infinity", kind, Shape.of(6, 35), Values.NORMAL.with(LOWEST, 0, 2), 1));
        }
        rows.add(reduce(" of minus infinity", Reduce.Kind.MAX, Shape.of(3, 20), Values.listed(LOWEST), 1));
        rows.add(reduce(" below zero", Reduce.Kind.MAX, Shape.of(30, 40), Values.normal(-50, 1), 0));
        argMaxima(rows);
        topK(rows);
        return rows;
    }

    private static KernelCase reduce(Reduce.Kind kind, Shape x, int... axes) {
        return reduce("", kind, x, Values.NORMAL, axes);
    }

    private static KernelCase reduce(String special, Reduce.Kind kind, Shape x, Values values, int... axes) {
        Shape y = Reduce.of(kind).outputShape(x, axes);
        String label = kind.name().toLowerCase(Locale.ROOT) + " " + x + " to " + y + special;
        boolean accumulate = kind != Reduce.Kind.MAX && axes.length > 0 && axes[0] == 0;
        Reduce d = new Reduce(kind, accumulate);
        KernelCase row = KernelCase.of("reduce", (accumulate ? "added " : "") + label,
                (b, v) -> b.reduce(d, v[0], v[1]), in(x, values), accumulate ? inout(y) : out(y));
        return kind == Reduce.Kind.MAX ? row.within(Tolerance.EXACT) : row.sumOf(x.elements() / y.elements());
    }

    private static void argMaxima(List<KernelCase> rows) {
        for (long width : new long[] {1, 2, 10, 15, 16, 17, 33, 65, 1000}) {
            rows.add(argMax("distinct", Shape.of(7, width), Values.NORMAL));
            rows.add(argMax("ties", Shape.of(7, width), Values.whole(0, 3)));
        }
        rows.add(argMax("one row", Shape.of(100), Values.NORMAL));
        rows.add(argMax("rank 3", Shape.of(3, 5, 21), Values.whole(-4, 5)));
        rows.add(argMax("many rows", Shape.of(3000, 10), Values.whole(-4, 5)));
        rows.add(argMax("NaN is the largest", Shape.of(9, 20), Values.NORMAL.with(NAN, 7, 23)));
        rows.add(argMax("all minus infinity", Shape.of(2, 20), Values.listed(LOWEST)));
        rows.add(argMax("zeros of both signs", Shape.of(4, 20), Values.listed(-0.0, 0.0, -1)));
    }

    private static KernelCase argMax(String label, Shape x, Values values) {
        Shape y = x.rank() == 1 ? Shape.SCALAR : Shape.of(Arrays.copyOf(x.extents(), x.rank() - 1));
        return KernelCase.of("argMax", label + " " + x, (b, v) -> b.argMax(v[0], v[1]), in(x, values),
                out(y, DataType.INT64));
    }

    private static void topK(List<KernelCase> rows) {
        for (int count : new int[] {1, 2, 5}) {
            for (long width : new long[] {5, 10, 17, 100}) {
                rows.add(topK("distinct", Shape.of(9, width), count, Values.NORMAL));
                rows.add(topK("ties", Shape.of(9, width), count, Values.whole(0, 3)));
            }
        }
        rows.add(topK("all of one", Shape.of(3, 1), 1, Values.NORMAL));
        rows.add(topK("everything, sorted", Shape.of(4, 33), 33, Values.NORMAL));
        rows.add(topK("many rows", Shape.of(800, 20), 5, Values.whole(-9, 9)));
        rows.add(topK("NaN first", Shape.of(5, 12), 4, Values.NORMAL.with(NAN, 3, 7)));
    }

    private static KernelCase topK(String label, Shape x, int count, Values values) {
        Shape y = x.with(1, count);
        return KernelCase.of("topK", label + ", " + count + " of " + x, (b, v) -> b.topK(v[0], v[1], v[2]),
                in(x, values), out(y), out(y, DataType.INT64)).within(Tolerance.EXACT);
    }
}
