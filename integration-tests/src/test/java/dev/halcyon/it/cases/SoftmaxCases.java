package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.CrossEntropy;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rows of softmax and cross-entropy. */
final class SoftmaxCases {
    /** Probabilities and losses are made of terms of about 1. */
    private static final Tolerance OF_ONE = new Tolerance(1e-5, 0.1);

    private SoftmaxCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        for (long width : new long[] {1, 2, 10, 15, 16, 17, 33, 65, 128, 129, 1000, 2100}) {
            rows.add(softmax("", Shape.of(5, width), Values.normal(0, 3)));
            rows.add(gradient(Shape.of(5, width)));
        }
        rows.add(softmax("one row", Shape.of(19), Values.NORMAL));
        rows.add(softmax("rank 4", Shape.of(2, 3, 4, 21), Values.NORMAL));
        rows.add(softmax("many rows", Shape.of(2000, 10), Values.NORMAL));
        rows.add(softmax("a vector of rows and some", Shape.of(35, 37), Values.normal(0, 3)));
        rows.add(softmax("large logits, long rows", Shape.of(3, 201), Values.normal(0, 60)).within(OF_ONE));
        rows.add(
                softmax("a NaN at the end of a long row", Shape.of(3, 201), Values.NORMAL.with(Double.NaN, 401, 1000)));
        rows.add(softmax("large logits", Shape.of(4, 20), Values.normal(0, 60)).within(OF_ONE));
        rows.add(softmax("far from zero", Shape.of(4, 20), Values.normal(5000, 2)).within(OF_ONE));
        rows.add(softmax("some minus infinity", Shape.of(4, 20), Values.NORMAL.with(Double.NEGATIVE_INFINITY, 2, 5)));
        rows.add(softmax("with a NaN", Shape.of(4, 20), Values.NORMAL.with(Double.NaN, 27, 1000)));
        rows.add(gradient(Shape.of(2, 3, 21)));
        rows.add(gradient(Shape.of(2000, 10)));
        for (double smoothing : new double[] {0, 0.1}) {
            for (boolean weighted : new boolean[] {false, true}) {
                for (long width : new long[] {2, 10, 17, 100}) {
                    rows.add(labelled(smoothing, weighted, Shape.of(7, width), Values.normal(0, 3)));
                    rows.add(soft(smoothing, weighted, Shape.of(7, width)));
                }
            }
        }
        rows.add(labelled(0, false, Shape.of(1, 1), Values.NORMAL));
        rows.add(labelled(0.2, true, Shape.of(1500, 10), Values.NORMAL));
        rows.add(labelled(0, false, Shape.of(6, 11), Values.normal(0, 70)));
        rows.add(labelled(0, false, Shape.of(6, 12), Values.normal(3000, 2)));
        rows.add(soft(0.1, false, Shape.of(1500, 10)));
        rows.add(labelled(0.1, true, Shape.of(1, 2100), Values.normal(0, 3)));
        rows.add(soft(0.1, true, Shape.of(1, 2100)));
        return rows;
    }

    private static KernelCase softmax(String label, Shape x, Values values) {
        return KernelCase.of("softmax", label + " " + x, (b, v) -> b.softmax(v[0], v[1]), in(x, values), out(x));
    }

    private static KernelCase gradient(Shape x) {
        return KernelCase.of("softmaxGradient", x.toString(), (b, v) -> b.softmaxGradient(v[0], v[1], v[2]),
                in(x, Values.distributions(Math.toIntExact(x.extent(-1)))), in(x), out(x));
    }

    private static KernelCase labelled(double smoothing, boolean weighted, Shape x, Values logits) {
        int classes = Math.toIntExact(x.extent(1));
        return row("labels", smoothing, weighted, x, logits,
                in(Shape.of(x.extent(0)), DataType.INT64, Values.whole(0, classes)));
    }

    private static KernelCase soft(double smoothing, boolean weighted, Shape x) {
        return row("distributions", smoothing, weighted, x, Values.normal(0, 3),
                in(x, Values.distributions(Math.toIntExact(x.extent(1)))));
    }

    private static KernelCase row(String kind, double smoothing, boolean weighted, Shape x, Values logits,
            Argument targets) {
        CrossEntropy d = new CrossEntropy(smoothing);
        String label = kind + " " + x + (smoothing == 0 ? "" : ", smoothed") + (weighted ? ", weighted" : "");
        return KernelCase.of("crossEntropy", label,
                (b, v) -> b.crossEntropy(d, v[0], v[1], weighted ? v[2] : null, v[3], v[4]), in(x, logits), targets,
                in(Shape.of(x.extent(1)), Values.uniform(0.2, 3)), out(Shape.of(x.extent(0))), out(x)).within(OF_ONE);
    }
}
