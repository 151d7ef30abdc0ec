package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.GradientCase.constant;
import static dev.halcyon.it.cases.GradientCase.indices;
import static dev.halcyon.it.cases.GradientCase.input;

import dev.halcyon.autograd.ops.Convolutions;
import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.MatrixProducts;
import dev.halcyon.autograd.ops.Pooling;
import dev.halcyon.autograd.ops.Randomness;
import dev.halcyon.autograd.ops.Reductions;
import dev.halcyon.autograd.ops.Shapes;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.Pool2d;
import dev.halcyon.device.Random;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;

/** Rows of differentiable operations; those of normalisation are in {@link NormalizationGradientCases}. */
final class GradientCases {
    /** Far enough from each other and from zero for a step of central differences. */
    private static final Values DISTINCT = Values.distinct(0.07);
    private static final Values POSITIVE = Values.uniform(0.5, 3);

    private GradientCases() {
    }

    static List<GradientCase> rows() {
        List<GradientCase> rows = new ArrayList<>();
        unary(rows);
        binary(rows, "add", Elementwise::add);
        binary(rows, "subtract", Elementwise::subtract);
        binary(rows, "multiply", Elementwise::multiply);
        binary(rows, "divide", Elementwise::divide);
        binary(rows, "maximum", Elementwise::maximum);
        binary(rows, "minimum", Elementwise::minimum);
        rows.add(GradientCase.of("Elementwise.scale", "by -1.5", t -> Elementwise.scale(-1.5, t[0]), input(3, 7)));
        rows.add(GradientCase.of("Elementwise.cast", "to double precision and back",
                t -> Elementwise.cast(Elementwise.cast(t[0], DataType.FLOAT64), t[0].type()), input(17)));
        products(rows);
        convolutions(rows);
        pooling(rows);
        reductions(rows);
        shapes(rows);
        losses(rows);
        Random keep = Random.bernoulli(0.6, 11, 12, 16);
        rows.add(GradientCase.of("Randomness.dropout", "kept with 0.6", t -> Randomness.dropout(keep, t[0]),
                input(5, 9)));
        return rows;
    }

    private static void unary(List<GradientCase> rows) {
        for (Unary op : Unary.values()) {
            Values values = switch (op) {
                case LOG, SQRT, RECIPROCAL -> POSITIVE;
                case EXP -> Values.NORMAL;
                default -> Values.distinct(0.11);
            };
            String name = op.name().toLowerCase(Locale.ROOT);
            rows.add(GradientCase.of("Elementwise.unary", name, t -> Elementwise.unary(op, t[0]), input(values, 47)));
            rows.add(GradientCase.of("Elementwise.unary", name + " of one", t -> Elementwise.unary(op, t[0]),
                    input(Values.listed(0.7), 1)));
        }
        rows.add(GradientCase.of("Elementwise.relu", "", t -> Elementwise.relu(t[0]), input(DISTINCT, 4, 9)));
        rows.add(GradientCase.of("Elementwise.relu", "read by three", t -> {
            Tensor y = Elementwise.relu(t[0]);
            return Elementwise.add(Elementwise.multiply(y, y), Elementwise.add(y, t[0]));
        }, input(DISTINCT, 4, 9)));
    }

    private static void binary(List<GradientCase> rows, String name, BinaryOperator<Tensor> op) {
        String operation = "Elementwise." + name;
        GradientCase.Function function = t -> op.apply(t[0], t[1]);
        rows.add(GradientCase.of(operation, "of like shapes", function, input(DISTINCT, 3, 17),
                input(POSITIVE, 3, 17)));
        rows.add(GradientCase.of(operation, "a row to all", function, input(DISTINCT, 5, 9), input(POSITIVE, 9)));
        rows.add(GradientCase.of(operation, "all to a row", function, input(DISTINCT, 9), input(POSITIVE, 5, 9)));
        rows.add(GradientCase.of(operation, "a column and a row", function, input(DISTINCT, 5, 1),
                input(POSITIVE, 1, 4)));
        rows.add(GradientCase.of(operation, "a number to all", function, input(POSITIVE), input(POSITIVE, 2, 3, 4)));
        rows.add(GradientCase.of(operation, "the middle axis", function, input(DISTINCT, 2, 3, 4),
                input(POSITIVE, 1, 3, 1)));
        rows.add(GradientCase.of(operation, "with itself", t -> op.apply(t[0], Elementwise.scale(0.5, t[0])),
                input(POSITIVE, 7)));
        rows.add(GradientCase.of(operation, "of large shapes", function, input(DISTINCT, 33, 65),
                input(POSITIVE, 33, 65)));
    }

    private static void products(List<GradientCase> rows) {
        GradientCase.Function matmul = t -> MatrixProducts.matmul(t[0], t[1]);
        GradientCase.Function linear = t -> MatrixProducts.linear(t[0], t[1], t.length > 2 ? t[2] : null);
        for (long[] size : new long[][] {{1, 1, 1}, {3, 4, 5}, {17, 16, 15}, {33, 20, 31}}) {
            String label = size[0] + "x" + size[1] + "x" + size[2];
            rows.add(GradientCase.of("MatrixProducts.matmul", label, matmul, input(size[0], size[2]),
                    input(size[2], size[1])));
            rows.add(GradientCase.of("MatrixProducts.linear", label, linear, input(size[0], size[2]),
                    input(size[2], size[1]), input(size[1])));
        }
        rows.add(GradientCase.of("MatrixProducts.matmul", "of batches", matmul, input(3, 4, 5), input(3, 5, 2)));
        rows.add(GradientCase.of("MatrixProducts.matmul", "with itself", t -> MatrixProducts.matmul(t[0], t[0]),
                input(4, 4)));
        rows.add(GradientCase.of("MatrixProducts.matmul", "two of an activation",
                t -> ofActivation(t, MatrixProducts::matmul), input(6, 7), input(7, 3), input(7, 3)));
        rows.add(GradientCase.of("MatrixProducts.linear", "two of an activation",
                t -> ofActivation(t, (a, w) -> MatrixProducts.linear(a, w, null)), input(6, 7), input(7, 3),
                input(7, 3)));
        rows.add(GradientCase.of("MatrixProducts.linear", "without bias", linear, input(5, 7), input(7, 3)));
        rows.add(GradientCase.of("MatrixProducts.linear", "of a constant", linear, constant(Values.NORMAL, 5, 7),
                input(7, 3), input(3)));
    }

    private static void convolutions(List<GradientCase> rows) {
        convolution(rows, "3x3", Conv2d.of(1, 1), Shape.of(2, 5, 5, 3), Shape.of(3, 3, 3, 4));
        convolution(rows, "1x1, stride 2", Conv2d.of(2, 0), Shape.of(2, 5, 5, 4), Shape.of(1, 1, 4, 5));
        convolution(rows, "5x5, stride 3", Conv2d.of(3, 2), Shape.of(1, 9, 9, 2), Shape.of(5, 5, 2, 3));
        convolution(rows, "7x7, stride 2", Conv2d.of(2, 3), Shape.of(1, 11, 11, 3), Shape.of(7, 7, 3, 2));
        convolution(rows, "dilated", Conv2d.of(1, 2).dilated(2), Shape.of(1, 7, 7, 2), Shape.of(3, 3, 2, 3));
        convolution(rows, "two groups", Conv2d.of(1, 1).grouped(2), Shape.of(2, 4, 4, 6), Shape.of(3, 3, 3, 4));
        convolution(rows, "depthwise", Conv2d.of(2, 1).grouped(5), Shape.of(2, 6, 6, 5), Shape.of(3, 3, 1, 5));
        convolution(rows, "depthwise, two each", Conv2d.of(1, 1).grouped(3), Shape.of(1, 5, 5, 3),
                Shape.of(3, 3, 1, 6));
        convolution(rows, "uneven", new Conv2d(2, 1, 0, 1, 1, 2, 1), Shape.of(1, 7, 6, 2), Shape.of(3, 2, 2, 3));
        convolution(rows, "of one pixel", Conv2d.of(1, 1), Shape.of(3, 1, 1, 2), Shape.of(3, 3, 2, 2));
    }

    private static void convolution(List<GradientCase> rows, String label, Conv2d d, Shape x, Shape w) {
        GradientCase.Function function = t -> Convolutions.conv2d(d, t[0], t[1], t.length > 2 ? t[2] : null);
        rows.add(GradientCase.of("Convolutions.conv2d", label, function, input(x.extents()), input(w.extents())));
        rows.add(GradientCase.of("Convolutions.conv2d", label + ", with bias", function, input(x.extents()),
                input(w.extents()), input(w.extent(3))));
        rows.add(GradientCase.of("Convolutions.conv2d", label + ", two of an activation", t -> ofActivation(t,
                (a, weights) -> Convolutions.conv2d(d, a, weights, null)), input(x.extents()), input(w.extents()),
                input(w.extents())));
    }

    /** The sum of two products with one activation, whose gradient the one writes and the other adds to. */
    private static Tensor ofActivation(Tensor[] t, BinaryOperator<Tensor> product) {
        Tensor activation = Elementwise.scale(1.5, t[0]);
        return Elementwise.add(product.apply(activation, t[1]), product.apply(activation, t[2]));
    }

    private static void pooling(List<GradientCase> rows) {
        for (Pool2d d : List.of(Pool2d.of(2, 2, 0), Pool2d.of(3, 2, 1), Pool2d.of(3, 1, 1), Pool2d.of(2, 3, 0),
                new Pool2d(1, 3, 2, 1, 0, 1))) {
            String label = d.kernelHeight() + "x" + d.kernelWidth() + ", stride " + d.strideHeight() + ", padding "
                    + d.paddingHeight() + "x" + d.paddingWidth();
            rows.add(GradientCase.of("Pooling.maxPool", label, t -> Pooling.maxPool(d, t[0]),
                    input(DISTINCT, 2, 5, 6, 3)));
            rows.add(GradientCase.of("Pooling.averagePool", label, t -> Pooling.averagePool(d, t[0]),
                    input(2, 5, 6, 3)));
        }
        rows.add(GradientCase.of("Pooling.globalAveragePool", "", t -> Pooling.globalAveragePool(t[0]),
                input(2, 5, 3, 4)));
        rows.add(GradientCase.of("Pooling.globalAveragePool", "of one pixel", t -> Pooling.globalAveragePool(t[0]),
                input(2, 1, 1, 4)));
    }

    private static void reductions(List<GradientCase> rows) {
        for (int[] axes : new int[][] {{0}, {1}, {2}, {0, 2}, {0, 1, 2}, {-1}}) {
            String label = "over " + Arrays.toString(axes);
            rows.add(GradientCase.of("Reductions.sum", label, t -> Reductions.sum(t[0], axes), input(3, 4, 5)));
            rows.add(GradientCase.of("Reductions.mean", label, t -> Reductions.mean(t[0], axes), input(3, 4, 5)));
            rows.add(GradientCase.of("Reductions.sumOfSquares", label, t -> Reductions.sumOfSquares(t[0], axes),
                    input(3, 4, 5)));
            rows.add(GradientCase.of("Reductions.max", label, t -> Reductions.max(t[0], axes),
                    input(DISTINCT, 3, 4, 5)));
        }
        rows.add(GradientCase.of("Reductions.sum", "over everything", t -> Reductions.sum(t[0]), input(7, 9)));
        rows.add(GradientCase.of("Reductions.mean", "over everything", t -> Reductions.mean(t[0]), input(7, 9)));
        rows.add(GradientCase.of("Reductions.sum", "of many", t -> Reductions.sum(t[0]), input(40, 60)).sumOf(2400));
    }

    private static void shapes(List<GradientCase> rows) {
        rows.add(GradientCase.of("Shapes.reshape", "", t -> Shapes.reshape(t[0], Shape.of(6, 2)), input(3, 4)));
        rows.add(GradientCase.of("Shapes.reshape", "read twice", t -> MatrixProducts.matmul(
                Shapes.reshape(t[0], Shape.of(3, 4)), Shapes.reshape(t[0], Shape.of(4, 3))), input(12)));
        rows.add(GradientCase.of("Shapes.flatten", "of images", t -> Shapes.flatten(t[0]), input(2, 3, 4, 5)));
        rows.add(GradientCase.of("Shapes.flatten", "of one pixel", t -> Shapes.flatten(t[0]), input(2, 1, 1, 5)));
        rows.add(GradientCase.of("Shapes.flatten", "of rank 3", t -> Shapes.flatten(t[0]), input(2, 3, 5)));
        rows.add(GradientCase.of("Shapes.transpose", "of a matrix", t -> Shapes.transpose(t[0], 1, 0), input(3, 5)));
        rows.add(GradientCase.of("Shapes.transpose", "of images", t -> Shapes.transpose(t[0], 0, 3, 1, 2),
                input(2, 3, 4, 5)));
        rows.add(GradientCase.of("Shapes.transpose", "in a circle", t -> Shapes.transpose(t[0], 2, 0, 1),
                input(2, 3, 4)));
        rows.add(GradientCase.of("Shapes.slice", "of the middle",
                t -> Shapes.slice(t[0], new long[] {1, 2}, Shape.of(2, 3)), input(4, 6)));
        rows.add(GradientCase.of("Shapes.pad", "all around",
                t -> Shapes.pad(t[0], new long[] {0, 1, 2, 0}, Shape.of(2, 5, 6, 3)), input(2, 3, 2, 3)));
        rows.add(GradientCase.of("Shapes.concat", "of rows", t -> Shapes.concat(0, List.of(t)), input(2, 3),
                input(4, 3)));
        rows.add(GradientCase.of("Shapes.concat", "of channels", t -> Shapes.concat(-1, List.of(t)), input(2, 2, 2, 3),
                input(2, 2, 2, 1), input(2, 2, 2, 4)));
        rows.add(GradientCase.of("Shapes.gatherRows", "with repeats", t -> Shapes.gatherRows(t[0], t[1]), input(5, 3),
                indices(5, 9)));
        rows.add(GradientCase.of("Shapes.gatherRows", "of numbers", t -> Shapes.gatherRows(t[0], t[1]), input(6),
                indices(6, 11)));
    }

    private static void losses(List<GradientCase> rows) {
        GradientCase.Function softmax = t -> Softmax.softmax(t[0]);
        rows.add(GradientCase.of("Softmax.softmax", "of rows", softmax, input(3, 7)));
        rows.add(GradientCase.of("Softmax.softmax", "of one row", softmax, input(9)));
        rows.add(GradientCase.of("Softmax.softmax", "of rank 3", softmax, input(2, 3, 4)));
        rows.add(GradientCase.of("Softmax.softmax", "of many rows", softmax, input(40, 33)));
        for (double smoothing : new double[] {0, 0.1}) {
            CrossEntropy d = new CrossEntropy(smoothing);
            String label = smoothing == 0 ? "" : ", smoothed";
            GradientCase.Function plain = t -> Softmax.crossEntropy(d, t[0], t[1], null);
            GradientCase.Function weighted = t -> Softmax.crossEntropy(d, t[0], t[1], t[2]);
            rows.add(GradientCase.of("Softmax.crossEntropy", "labels" + label, plain, input(6, 10), indices(10, 6)));
            rows.add(GradientCase.of("Softmax.crossEntropy", "distributions" + label, plain, input(6, 10),
                    constant(Values.distributions(10), 6, 10)));
            rows.add(GradientCase.of("Softmax.crossEntropy", "weighted labels" + label, weighted, input(6, 10),
                    indices(10, 6), constant(POSITIVE, 10)));
            rows.add(GradientCase.of("Softmax.crossEntropy", "weighted distributions" + label, weighted, input(6, 10),
                    constant(Values.distributions(10), 6, 10), constant(POSITIVE, 10)));
        }
    }
}
