package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.inout;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Backend;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of one call over many parameters: three of different shapes, the last beyond one thread's piece. */
final class OptimizerCases {
    private static final List<Shape> SHAPES = List.of(Shape.of(1), Shape.of(3, 3, 5, 7), Shape.of(170, 60));
    private static final long ELEMENTS = SHAPES.stream().mapToLong(Shape::elements).sum();

    /** Stands for each of the shapes. */
    private static final Shape ANY = Shape.SCALAR;

    private OptimizerCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        sgd(rows);
        adamW(rows);
        for (double decay : new double[] {0, 0.5, 0.999}) {
            rows.add(row("weightAverage", "decay " + decay, (b, v) -> b.weightAverage(decay, v.get(0), v.get(1)),
                    in(ANY), inout(ANY)));
        }
        for (DataType to : List.of(DataType.BFLOAT16, DataType.FLOAT64)) {
            rows.add(row("castAll", "to " + to, (b, v) -> b.castAll(v.get(0), v.get(1)), in(ANY),
                    new Argument(Argument.Role.OUT, ANY, to, null)).within(Tolerance.EXACT));
        }
        norms(rows);
        return rows;
    }

    private static void sgd(List<KernelCase> rows) {
        for (boolean nesterov : new boolean[] {false, true}) {
            for (SgdStep d : List.of(new SgdStep(0.1, 0.9, nesterov, 0, 0), new SgdStep(0.1, 0.9, nesterov, 5e-2, 0),
                    new SgdStep(0.1, 0.9, nesterov, 0, 0.1), new SgdStep(0.1, 0.9, nesterov, 5e-2, 0.1))) {
                rows.add(row("sgd", d.toString(), (b, v) -> b.sgd(d, v.get(0), v.get(1), v.get(2)),
                        inout(ANY), inout(ANY), inout(ANY)));
            }
        }
        for (SgdStep d : List.of(new SgdStep(0.3, 0, false, 0, 0), new SgdStep(0.3, 0, false, 0.01, 0.02))) {
            rows.add(row("sgd", d.toString(), (b, v) -> b.sgd(d, v.get(0), v.get(1), List.of()),
                    inout(ANY), inout(ANY)));
        }
    }

    private static void adamW(List<KernelCase> rows) {
        for (AdamWStep d : List.of(new AdamWStep(1e-2, 0.9, 0.999, 1e-8, 0, 1),
                new AdamWStep(1e-2, 0.9, 0.999, 1e-8, 0.1, 2), new AdamWStep(1e-2, 0.8, 0.95, 1e-3, 0.1, 100_000))) {
            rows.add(row("adamW", d.toString(), (b, v) -> b.adamW(d, v.get(0), v.get(1), v.get(2), v.get(3)),
                    inout(ANY), inout(ANY), inout(ANY, Values.normal(0, 0.1)),
                    inout(ANY, Values.uniform(0.01, 1))));
        }
    }

    private static void norms(List<KernelCase> rows) {
        rows.add(KernelCase.of("globalNorm", "of three", (b, v) -> b.globalNorm(List.of(v[0], v[1], v[2]), v[3]),
                in(SHAPES.get(0)), in(SHAPES.get(1)), in(SHAPES.get(2)), out(Shape.SCALAR)).sumOf(ELEMENTS));
        rows.add(KernelCase.of("globalNorm", "of one element", (b, v) -> b.globalNorm(List.of(v[0]), v[1]),
                in(Shape.of(1)), out(Shape.of(1))));
        rows.add(KernelCase.of("globalNorm", "of 200,003 elements", (b, v) -> b.globalNorm(List.of(v[0]), v[1]),
                in(Shape.of(200_003)), out(Shape.of(1))).sumOf(200_003));
        rows.add(KernelCase.of("globalNorm", "with a NaN", (b, v) -> b.globalNorm(List.of(v[0]), v[1]),
                in(Shape.of(100), Values.NORMAL.with(Double.NaN, 60, 1000)), out(Shape.of(1))));
        rows.add(finite("all", Values.NORMAL));
        rows.add(finite("large numbers", Values.listed(3e38, -3e38, 1e-44)));
        for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            rows.add(finite(special + " first", Values.NORMAL.with(special, 0, 100_000)));
            rows.add(finite(special + " last", Values.NORMAL.with(special, 10_000, 100_000)));
        }
    }

    private static KernelCase finite(String label, Values values) {
        return KernelCase.of("allFinite", label, (b, v) -> b.allFinite(List.of(v[0], v[1]), v[2]), in(Shape.of(33)),
                in(Shape.of(10_001), values), out(Shape.of(1))).within(Tolerance.EXACT);
    }

    /** A call with lists of views. */
    @FunctionalInterface
    private interface ListCall {
        void run(Backend backend, List<List<View>> views);
    }

    /** A call on three views for each of the given kinds of argument. */
    private static KernelCase row(String method, String label, ListCall call, Argument... kinds) {
        Argument[] arguments = Arrays.stream(kinds).flatMap(kind -> SHAPES.stream()
                .map(shape -> new Argument(kind.role(), shape, kind.type(), kind.values()))).toArray(Argument[]::new);
        return KernelCase.of(method, label, (b, v) -> call.run(b, split(v)), arguments);
    }

    private static List<List<View>> split(View[] views) {
        List<List<View>> lists = new ArrayList<>();
        for (int start = 0; start < views.length; start += SHAPES.size()) {
            lists.add(List.of(views).subList(start, start + SHAPES.size()));
        }
        return lists;
    }
}
