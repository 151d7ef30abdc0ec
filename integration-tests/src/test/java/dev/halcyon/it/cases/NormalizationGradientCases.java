package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.GradientCase.constant;
import static dev.halcyon.it.cases.GradientCase.input;

import dev.halcyon.autograd.ops.Convolutions;
import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.Normalization;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Rows of the gradients of normalisation. */
final class NormalizationGradientCases {
    private static final Values POSITIVE = Values.uniform(0.5, 2);

    private NormalizationGradientCases() {
    }

    static List<GradientCase> rows() {
        List<GradientCase> rows = new ArrayList<>();
        for (Unary activation : List.of(Unary.IDENTITY, Unary.SIGMOID, Unary.TANH)) {
            batchNorm(rows, activation, Shape.of(2, 3, 3, 4));
            batchNorm(rows, activation, Shape.of(7, 3));
        }
        batchNorm(rows, Unary.RELU, Shape.of(4, 3));
        batchNorm(rows, Unary.RELU6, Shape.of(4, 3));
        batchNorm(rows, Unary.IDENTITY, Shape.of(6, 5, 5, 17));
        rows.add(GradientCase.of("Normalization.batchNorm", "of a constant",
                t -> Normalization.batchNorm(BatchNorm.DEFAULT, state(t), t[0], null, Unary.IDENTITY),
                constant(Values.NORMAL, 6, 3), input(3), input(3), constant(Values.NORMAL, 3),
                constant(POSITIVE, 3)));
        rows.add(GradientCase.of("Normalization.batchNorm", "with an activation as its own residual", t -> {
            Tensor activation = Elementwise.scale(1.5, t[0]);
            return Normalization.batchNorm(BatchNorm.DEFAULT, state(t), activation, activation, Unary.TANH);
        }, input(7, 3), input(POSITIVE, 3), input(3), constant(Values.NORMAL, 3), constant(POSITIVE, 3)));
        rows.add(GradientCase.of("Normalization.batchNormInference", "",
                t -> Normalization.batchNormInference(BatchNorm.DEFAULT, state(t), t[0]), input(2, 3, 3, 4), input(4),
                input(4), constant(Values.NORMAL, 4), constant(POSITIVE, 4)));
        rows.add(GradientCase.of("Normalization.batchNormInference", "of a constant",
                t -> Normalization.batchNormInference(BatchNorm.DEFAULT, state(t), t[0]),
                constant(Values.NORMAL, 6, 3), input(3), input(3), constant(Values.NORMAL, 3),
                constant(POSITIVE, 3)));
        rows.add(GradientCase.of("Normalization.batchNormInference", "after a residual, with an activation",
                t -> Normalization.batchNormInference(BatchNorm.DEFAULT, state(t), t[0], t[5], Unary.SILU),
                input(2, 3, 3, 4), input(4), input(4), constant(Values.NORMAL, 4), constant(POSITIVE, 4),
                input(2, 3, 3, 4)));
        rows.add(GradientCase.of("Convolutions.conv2dBatchNormInference", "",
                t -> Convolutions.conv2dBatchNormInference(Conv2d.of(1, 1), t[0], t[5], BatchNorm.DEFAULT, state(t),
                        null, Unary.TANH),
                input(2, 4, 4, 3), input(5), input(5), constant(Values.NORMAL, 5), constant(POSITIVE, 5),
                input(3, 3, 3, 5)));
        rows.add(GradientCase.of("Convolutions.conv2dBatchNormInference", "after a residual",
                t -> Convolutions.conv2dBatchNormInference(Conv2d.of(1, 1), t[0], t[5], BatchNorm.DEFAULT, state(t),
                        t[6], Unary.TANH),
                input(2, 4, 4, 3), input(5), input(5), constant(Values.NORMAL, 5), constant(POSITIVE, 5),
                input(3, 3, 3, 5), input(2, 4, 4, 5)));
        for (Shape x : List.of(Shape.of(4, 5), Shape.of(2, 3, 7), Shape.of(9), Shape.of(20, 33))) {
            rows.add(GradientCase.of("Normalization.layerNorm", x.toString(),
                    t -> Normalization.layerNorm(new LayerNorm(1e-3), t[0], t[1], t[2]), input(x.extents()),
                    input(x.extent(-1)), input(x.extent(-1))));
        }
        return rows;
    }

    private static void batchNorm(List<GradientCase> rows, Unary activation, Shape x) {
        long channels = x.extent(-1);
        rows.add(GradientCase.of("Normalization.batchNorm", activation + " " + x,
                t -> Normalization.batchNorm(BatchNorm.DEFAULT, state(t), t[0], null, activation),
                input(x.extents()), input(POSITIVE, channels), input(channels), constant(Values.NORMAL, channels),
                constant(POSITIVE, channels)).sumOf(x.elements()));
        rows.add(GradientCase.of("Normalization.batchNorm", activation + " after a residual, " + x,
                t -> Normalization.batchNorm(BatchNorm.DEFAULT, state(t), t[0], t[5], activation),
                input(x.extents()), input(POSITIVE, channels), input(channels), constant(Values.NORMAL, channels),
                constant(POSITIVE, channels), input(x.extents())).sumOf(x.elements()));
    }

    private static Normalization.BatchNormState state(Tensor[] t) {
        return new Normalization.BatchNormState(t[1], t[2], t[3], t[4]);
    }
}
