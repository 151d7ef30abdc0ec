package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.inout;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rows of batch and layer normalisation. */
final class NormalizationCases {
    private static final Values POSITIVE = Values.uniform(0.5, 2);

    /** Activations whose derivative is computed from the output: those that a batch norm may be fused with. */
    private static final List<Unary> ACTIVATIONS = List.of(Unary.IDENTITY, Unary.RELU, Unary.RELU6, Unary.SIGMOID,
            Unary.TANH);

    private NormalizationCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        for (long channels : new long[] {1, 3, 15, 16, 17, 31, 33, 65}) {
            batch(rows, Shape.of(2, 3, 3, channels));
        }
        batch(rows, Shape.of(2, 1, 1, 8));
        batch(rows, Shape.of(33, 47));
        batch(rows, Shape.of(16, 12, 12, 24));
        batch(rows, Shape.of(5000, 3));
        batch(rows, Shape.of(300, 72));
        rows.add(training("one row", BatchNorm.DEFAULT, Shape.of(1, 9), Values.NORMAL));
        rows.add(training("momentum 0.4, epsilon 0.1", new BatchNorm(0.1, 0.4), Shape.of(9, 5), Values.NORMAL));
        rows.add(training("constant channels", BatchNorm.DEFAULT, Shape.of(40, 17), Values.listed(2.5)));
        rows.add(training("mean far above the deviation", BatchNorm.DEFAULT, Shape.of(4, 9, 9, 17),
                Values.normal(1000, 1)));
        rows.add(training("tiny values", BatchNorm.DEFAULT, Shape.of(50, 9), Values.normal(0, 1e-4))
                .within(Tolerance.NORMAL));
        rows.add(training("with a NaN", BatchNorm.DEFAULT, Shape.of(20, 9), Values.NORMAL.with(Double.NaN, 40, 999)));
        fused(rows);
        layer(rows);
        return rows;
    }

    private static void batch(List<KernelCase> rows, Shape x) {
        Shape c = Shape.of(x.extent(-1));
        long count = x.elements() / c.elements();
        rows.add(training("", BatchNorm.DEFAULT, x, Values.normal(0.5, 2)));
        rows.add(KernelCase.of("batchNormInference", x.toString(),
                (b, v) -> b.batchNormInference(BatchNorm.DEFAULT, v[0], v[1], v[2], v[3], v[4], v[5]), in(x), in(c),
                in(c), in(c), in(c, POSITIVE), out(x)));
        rows.add(KernelCase.of("batchNormGradient", x.toString(),
                (b, v) -> b.batchNormGradient(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]), in(x), in(c),
                in(c, Values.normal(0, 0.1)), in(c, POSITIVE), in(x), out(x), inout(c), inout(c))
                .within(sums(count)));
        rows.add(KernelCase.of("batchNormGradient", "over dy " + x,
                (b, v) -> b.batchNormGradient(v[0], v[1], v[2], v[3], v[4], v[4], v[5], v[6]), in(x), in(c),
                in(c, Values.normal(0, 0.1)), in(c, POSITIVE), inout(x), inout(c), inout(c)).within(sums(count)));
    }

    private static KernelCase training(String label, BatchNorm d, Shape x, Values values) {
        Shape c = Shape.of(x.extent(-1));
        return KernelCase.of("batchNorm", label + " " + x,
                (b, v) -> b.batchNorm(d, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]), in(x, values), in(c), in(c),
                inout(c), inout(c, POSITIVE), out(c), out(c), out(x))
                .within(statistics(x.elements() / c.elements()));
    }

    /** Sums of {@code count} products. */
    private static Tolerance sums(long count) {
        return new Tolerance(Math.max(1e-5, Tolerance.sumOf(count).relative()), -1);
    }

    /** What is computed from statistics over {@code count} values whose magnitude is about 1. */
    private static Tolerance statistics(long count) {
        return new Tolerance(Math.max(1e-5, Tolerance.sumOf(count).relative()), 1);
    }

    private static void fused(List<KernelCase> rows) {
        for (Shape x : List.of(Shape.of(2, 3, 3, 17), Shape.of(3, 4, 5, 3), Shape.of(6, 14, 14, 32),
                Shape.of(19, 65))) {
            for (Unary activation : ACTIVATIONS) {
                for (boolean residual : new boolean[] {false, true}) {
                    rows.add(fusedForward(activation, x, residual));
                    rows.add(fusedGradient(activation, x, residual));
                    rows.add(fusedGradientOverErrors(activation, x, residual));
                    rows.add(fusedInference(activation, x, residual));
                }
            }
        }
        for (Unary activation : List.of(Unary.GELU, Unary.SILU, Unary.HARD_SWISH)) {
            rows.add(fusedInference(activation, Shape.of(2, 3, 3, 17), true));
        }
    }

    private static KernelCase fusedForward(Unary activation, Shape x, boolean residual) {
        Shape c = Shape.of(x.extent(-1));
        return KernelCase.of("batchNormActivation", activation + (residual ? " after a residual " : " ") + x,
                (b, v) -> b.batchNormActivation(BatchNorm.DEFAULT, activation, v[0], residual ? v[8] : null, v[1],
                        v[2], v[3], v[4], v[5], v[6], v[7]),
                in(x), in(c), in(c), inout(c), inout(c, POSITIVE), out(c), out(c), out(x), in(x))
                .within(statistics(x.elements() / c.elements()));
    }

    private static KernelCase fusedInference(Unary activation, Shape x, boolean residual) {
        Shape c = Shape.of(x.extent(-1));
        return KernelCase.of("batchNormActivationInference", activation + (residual ? " after a residual " : " ") + x,
                (b, v) -> b.batchNormActivationInference(BatchNorm.DEFAULT, activation, v[0], residual ? v[6] : null,
                        v[1], v[2], v[3], v[4], v[5]),
                in(x), in(c), in(c), in(c), in(c, POSITIVE), out(x), in(x));
    }

    /** Any numbers that an activation can give. */
    private static Values outputs(Unary activation) {
        return switch (activation) {
            case RELU -> Values.uniform(0, 2).with(0, 0, 3);
            case RELU6 -> Values.uniform(0, 6).with(0, 0, 4).with(6, 1, 4);
            case SIGMOID -> Values.uniform(0, 1);
            case TANH -> Values.uniform(-1, 1);
            default -> Values.NORMAL;
        };
    }

    /** One of the gradients takes the place of that of the output. */
    private static KernelCase fusedGradientOverErrors(Unary activation, Shape x, boolean residual) {
        Shape c = Shape.of(x.extent(-1));
        return KernelCase.of("batchNormActivationGradient",
                activation + (residual ? " of a residual" : "") + " over dy " + x,
                (b, v) -> b.batchNormActivationGradient(activation, v[0], v[1], v[2], v[3], v[4], v[5],
                        residual ? v[6] : v[5], residual ? v[5] : null, v[7], v[8]),
                in(x), in(x, outputs(activation)), in(c), in(c, Values.normal(0, 0.1)), in(c, POSITIVE), inout(x),
                residual ? out(x) : in(x), inout(c), inout(c)).within(sums(x.elements() / c.elements()));
    }

    private static KernelCase fusedGradient(Unary activation, Shape x, boolean residual) {
        Shape c = Shape.of(x.extent(-1));
        String label = activation + (residual ? " after a residual " : " ") + x;
        if (!residual) {
            return KernelCase.of("batchNormActivationGradient", label,
                    (b, v) -> b.batchNormActivationGradient(activation, v[0], v[1], v[2], v[3], v[4], v[5], v[6], null,
                            v[7], v[8]),
                    in(x), in(x, outputs(activation)), in(c), in(c, Values.normal(0, 0.1)), in(c, POSITIVE), in(x),
                    out(x),
                    inout(c), inout(c)).within(sums(x.elements() / c.elements()));
        }
        return KernelCase.of("batchNormActivationGradient", label,
                (b, v) -> b.batchNormActivationGradient(activation, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7],
                        v[8], v[9]),
                in(x), in(x, outputs(activation)), in(c), in(c, Values.normal(0, 0.1)), in(c, POSITIVE), in(x), out(x),
                out(x),
                inout(c), inout(c)).within(sums(x.elements() / c.elements()));
    }

    private static void layer(List<KernelCase> rows) {
        for (long width : new long[] {1, 15, 16, 17, 31, 33, 65, 300, 2100}) {
            rows.add(layer("", Shape.of(5, width), Values.normal(0.5, 2)));
            rows.add(layerGradient(Shape.of(5, width)));
        }
        rows.add(layer("", Shape.of(1, 20), Values.NORMAL));
        rows.add(layer("", Shape.of(20), Values.NORMAL));
        rows.add(layer("rank 3", Shape.of(3, 7, 24), Values.NORMAL));
        rows.add(layer("many rows", Shape.of(900, 33), Values.NORMAL));
        rows.add(layer("mean far above the deviation", Shape.of(6, 40), Values.normal(1000, 1)));
        rows.add(layer("constant rows", Shape.of(3, 20), Values.listed(-7)));
        rows.add(layerGradient(Shape.of(3, 7, 24)));
        rows.add(layerGradient(Shape.of(900, 33)));
    }

    private static KernelCase layer(String label, Shape x, Values values) {
        Shape width = Shape.of(x.extent(-1));
        Shape rows = Shape.of(x.elements() / width.elements());
        return KernelCase.of("layerNorm", label + " " + x,
                (b, v) -> b.layerNorm(new LayerNorm(1e-5), v[0], v[1], v[2], v[3], v[4], v[5]), in(x, values),
                in(width), in(width), out(rows), out(rows), out(x)).within(statistics(width.elements()));
    }

    private static KernelCase layerGradient(Shape x) {
        Shape width = Shape.of(x.extent(-1));
        Shape rows = Shape.of(x.elements() / width.elements());
        return KernelCase.of("layerNormGradient", x.toString(),
                (b, v) -> b.layerNormGradient(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]), in(x), in(width),
                in(rows, Values.normal(0, 0.1)), in(rows, POSITIVE), in(x), out(x), inout(width), inout(width))
                .within(sums(Math.max(width.elements(), rows.elements())));
    }
}
