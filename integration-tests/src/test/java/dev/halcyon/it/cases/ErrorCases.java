package dev.halcyon.it.cases;

import dev.halcyon.autograd.Tape;
import dev.halcyon.autograd.ops.Convolutions;
import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.MatrixProducts;
import dev.halcyon.autograd.ops.Normalization;
import dev.halcyon.autograd.ops.Pooling;
import dev.halcyon.autograd.ops.Randomness;
import dev.halcyon.autograd.ops.Reductions;
import dev.halcyon.autograd.ops.Shapes;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.device.Pool2d;
import dev.halcyon.device.Random;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.Unary;
import dev.halcyon.loss.Losses;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Rows of calls that are wrong. */
final class ErrorCases {
    private ErrorCases() {
    }

    static List<ErrorCase> rows() {
        List<ErrorCase> rows = new ArrayList<>();
        tensors(rows);
        elementwise(rows);
        products(rows);
        convolutions(rows);
        pooling(rows);
        normalization(rows);
        losses(rows);
        shapes(rows);
        reductions(rows);
        randomness(rows);
        gradients(rows);
        devices(rows);
        return rows;
    }

    private static void tensors(List<ErrorCase> rows) {
        shape(rows, "an empty batch",
                "shape: expected extents of at least 1 (is the batch empty?), found [0, 3]",
                device -> zeros(device, 0, 3));
        shape(rows, "a negative extent",
                "shape: expected extents of at least 1 (is the batch empty?), found [4, -1]",
                device -> zeros(device, 4, -1));
        shape(rows, "values that do not fill the shape",
                "tensor: expected 24 bytes for FLOAT32 [2, 3], found 8 bytes",
                device -> Tensor.of(device, Shape.of(2, 3), 1f, 2f));
        shape(rows, "an axis that does not exist",
                "axis: expected an axis within rank 2 of [2, 3], found 2",
                device -> Reductions.sum(zeros(device, 2, 3), 2));
    }

    private static void elementwise(List<ErrorCase> rows) {
        shape(rows, "add of shapes that do not broadcast",
                "add: expected shapes that agree or are 1 in every axis, found [2, 3] and [2, 4]",
                device -> Elementwise.add(zeros(device, 2, 3), zeros(device, 2, 4)));
        shape(rows, "multiply of unlike ranks that do not broadcast",
                "multiply: expected shapes that agree or are 1 in every axis, found [8, 3] and [8]",
                device -> Elementwise.multiply(zeros(device, 8, 3), zeros(device, 8)));
        argument(rows, "add of different types",
                "add: expected operands of one type, found FLOAT32 [3] on DEVICE and INT64 [3] on"
                        + " DEVICE; cast one of them",
                device -> Elementwise.add(zeros(device, 3), Tensor.zeros(device, DataType.INT64, Shape.of(3))));
        argument(rows, "add of tensors on different devices",
                "add: expected operands on one device, found FLOAT32 [3] on DEVICE and FLOAT32 [3] on"
                        + " reference:0; make them on the same open device",
                device -> elsewhere(device, other -> Elementwise.add(zeros(device, 3), zeros(other, 3))));
    }

    private static void products(List<ErrorCase> rows) {
        shape(rows, "matmul of inner extents that differ",
                "gemm: expected inner extents that agree, [m, k] and [k, n], found [2, 3] and [4, 5] (3"
                        + " against 4)",
                device -> MatrixProducts.matmul(zeros(device, 2, 3), zeros(device, 4, 5)));
        shape(rows, "matmul of a vector",
                "gemm: expected two matrices or two batches of matrices, found [3] and [3, 5]",
                device -> MatrixProducts.matmul(zeros(device, 3), zeros(device, 3, 5)));
        shape(rows, "matmul of unlike batches",
                "gemm: expected as many matrices on both sides, found [2, 3, 4] and [3, 4, 5]",
                device -> MatrixProducts.matmul(zeros(device, 2, 3, 4), zeros(device, 3, 4, 5)));
        argument(rows, "matmul of different types",
                "matmul: expected operands of one type, found FLOAT32 [2, 3] on DEVICE and FLOAT64 [3,"
                        + " 2] on DEVICE; cast one of them",
                device -> MatrixProducts.matmul(zeros(device, 2, 3), Tensor.zeros(device, DataType.FLOAT64,
                        Shape.of(3, 2))));
        shape(rows, "linear of images",
                "linear: expected rows of 48 features [n, 48], found [2, 4, 4, 3] (flatten images first)",
                device -> MatrixProducts.linear(zeros(device, 2, 4, 4, 3), zeros(device, 48, 10), null));
        shape(rows, "linear of too many features",
                "linear: expected rows of 48 features [n, 48], found [2, 49] (flatten images first)",
                device -> MatrixProducts.linear(zeros(device, 2, 49), zeros(device, 48, 10), null));
        shape(rows, "linear with a bias of another size",
                "linear: expected a bias of one number per output [10], found [9]",
                device -> MatrixProducts.linear(zeros(device, 2, 4), zeros(device, 4, 10), zeros(device, 9)));
    }

    private static void convolutions(List<ErrorCase> rows) {
        shape(rows, "conv2d of one channel with weights for three",
                "conv2d: expected an input with 3 channels [n, h, w, 3], found [8, 32, 32, 1]",
                device -> conv(device, Conv2d.of(1, 1), Shape.of(8, 32, 32, 1), Shape.of(3, 3, 3, 16)));
        shape(rows, "conv2d of a matrix",
                "conv2d: expected images [n, h, w, cin] and weights [kh, kw, cin/groups, cout], found"
                        + " [8, 32] and [3, 3, 3, 16]",
                device -> conv(device, Conv2d.of(1, 1), Shape.of(8, 32), Shape.of(3, 3, 3, 16)));
        shape(rows, "conv2d with a kernel larger than the image",
                "conv2d: expected an image at least as large as the kernel, 7 (with padding 0 each"
                        + " side), found 4",
                device -> conv(device, Conv2d.of(1, 0), Shape.of(8, 4, 4, 3), Shape.of(7, 7, 3, 16)));
        shape(rows, "conv2d with groups that do not divide",
                "conv2d: expected output channels divisible by 2 groups, found [3, 3, 2, 5]",
                device -> conv(device, Conv2d.of(1, 1).grouped(2), Shape.of(1, 8, 8, 4), Shape.of(3, 3, 2, 5)));
        shape(rows, "conv2d with a bias of another size",
                "conv2d: expected a bias of one number per output [16], found [15]",
                device -> Convolutions.conv2d(Conv2d.of(1, 1), zeros(device, 1, 4, 4, 3), zeros(device, 3, 3, 3, 16),
                        zeros(device, 15)));
        argument(rows, "conv2d with weights of another type",
                "conv2d: expected parameters of type FLOAT32 beside FLOAT32 [1, 4, 4, 3] on DEVICE, found FLOAT64"
                        + " [3, 3, 3, 8] on DEVICE; cast them",
                device -> Convolutions.conv2d(Conv2d.of(1, 1), zeros(device, 1, 4, 4, 3), Tensor.zeros(device,
                        DataType.FLOAT64, Shape.of(3, 3, 3, 8)), null));
        argument(rows, "conv2d with stride 0",
                "conv2d: stride, dilation and groups must be at least 1 and padding at least 0, found"
                        + " stride 0x0, dilation 1x1, groups 1, padding 1x1",
                device -> Conv2d.of(0, 1));
    }

    private static void pooling(List<ErrorCase> rows) {
        argument(rows, "pooling with more padding than half the window",
                "pooling: kernel and stride must be at least 1 and padding at most half the kernel,"
                        + " found kernel 3x3, stride 2x2, padding 2x2",
                device -> Pool2d.of(3, 2, 2));
        shape(rows, "pooling of a matrix",
                "pooling: expected images [n, h, w, c], found [4, 4]",
                device -> Pooling.averagePool(Pool2d.of(2, 2, 0), zeros(device, 4, 4)));
        shape(rows, "pooling of an image smaller than the window",
                "pooling: expected an image at least as large as the kernel, 3 (with padding 0 each"
                        + " side), found 2",
                device -> Pooling.maxPool(Pool2d.of(3, 2, 0), zeros(device, 1, 2, 2, 3)));
        shape(rows, "max pooling over a window that is too large",
                "maxPool: expected a window of at most 256 elements, found 17x17",
                device -> Pooling.maxPool(Pool2d.of(17, 1, 0), zeros(device, 1, 20, 20, 1)));
        shape(rows, "global pooling of rows",
                "globalAveragePool: expected images [n, h, w, c], found [4, 4]",
                device -> Pooling.globalAveragePool(zeros(device, 4, 4)));
    }

    private static void normalization(List<ErrorCase> rows) {
        shape(rows, "batch norm of other channels",
                "batchNorm: expected 5 channels [.., 5], found [2, 4, 4, 3]",
                device -> batchNorm(device, Unary.RELU, zeros(device, 2, 4, 4, 3), null));
        shape(rows, "batch norm of one value per channel",
                "batchNorm: expected more than one value per channel in training, to have a variance,"
                        + " found [1, 1, 1, 5]",
                device -> batchNorm(device, Unary.RELU, zeros(device, 1, 1, 1, 5), null));
        shape(rows, "batch norm with a residual of another shape",
                "batchNorm: expected a residual of the input's shape [4, 5], found [3, 5]",
                device -> batchNorm(device, Unary.RELU, zeros(device, 4, 5), zeros(device, 3, 5)));
        argument(rows, "batch norm with an activation it cannot be fused with",
                "batchNorm: expected an activation whose derivative is computed from its output, found"
                        + " GELU; apply it as an operation of its own",
                device -> batchNorm(device, Unary.GELU, zeros(device, 4, 5), null));
        argument(rows, "batch norm with an epsilon of 0",
                "batch norm: expected epsilon > 0 and momentum in [0, 1], found 0.0 and 0.1",
                device -> new BatchNorm(0, 0.1));
        shape(rows, "layer norm of other features",
                "layerNorm: expected 5 features in the innermost axis, found [4, 6]",
                device -> Normalization.layerNorm(new LayerNorm(1e-5), zeros(device, 4, 6), zeros(device, 5),
                        zeros(device, 5)));
        argument(rows, "layer norm with half-precision parameters",
                "layerNorm: expected parameters of type FLOAT32 beside FLOAT32 [4, 5] on DEVICE, found BFLOAT16"
                        + " [5] on DEVICE; cast them",
                device -> Normalization.layerNorm(new LayerNorm(1e-5), zeros(device, 4, 5), Tensor.zeros(device,
                        DataType.BFLOAT16, Shape.of(5)), zeros(device, 5)));
        shape(rows, "layer norm with a shift of another size",
                "layerNorm: expected a shift of the scale's shape [5], found [4]",
                device -> Normalization.layerNorm(new LayerNorm(1e-5), zeros(device, 4, 5), zeros(device, 5),
                        zeros(device, 4)));
        shape(rows, "batch norm with statistics of another size",
                "batchNorm: expected shift and statistics of the scale's shape [5], found [6]",
                device -> Normalization.batchNormInference(BatchNorm.DEFAULT,
                        new Normalization.BatchNormState(zeros(device, 5), zeros(device, 5), zeros(device, 5),
                                zeros(device, 6)),
                        zeros(device, 4, 5)));
        shape(rows, "inference with a residual of another shape",
                "batchNorm: expected a residual of the input's shape [4, 5], found [5, 4]",
                device -> Normalization.batchNormInference(BatchNorm.DEFAULT, state(device, 5), zeros(device, 4, 5),
                        zeros(device, 5, 4), Unary.RELU));
        shape(rows, "a convolution whose norm has other channels",
                "batchNorm: expected 5 channels [.., 5], found [2, 4, 4, 6]",
                device -> Convolutions.conv2dBatchNormInference(Conv2d.of(1, 0), zeros(device, 2, 4, 4, 3),
                        zeros(device, 1, 1, 3, 6), BatchNorm.DEFAULT, state(device, 5), null, Unary.RELU));
        shape(rows, "a convolution and a residual of another shape",
                "batchNorm: expected a residual of the input's shape [2, 4, 4, 6], found [2, 4, 4, 5]",
                device -> Convolutions.conv2dBatchNormInference(Conv2d.of(1, 0), zeros(device, 2, 4, 4, 3),
                        zeros(device, 1, 1, 3, 6), BatchNorm.DEFAULT, state(device, 6), zeros(device, 2, 4, 4, 5),
                        Unary.RELU));
        argument(rows, "layer norm with a negative epsilon",
                "layer norm: expected epsilon > 0, found -1.0",
                device -> new LayerNorm(-1));
    }

    private static Normalization.BatchNormState state(Device device, long channels) {
        return new Normalization.BatchNormState(zeros(device, channels), zeros(device, channels),
                zeros(device, channels), zeros(device, channels));
    }

    private static void losses(List<ErrorCase> rows) {
        shape(rows, "cross-entropy of images",
                "crossEntropy: expected logits [n, classes], found [2, 3, 4]",
                device -> Losses.crossEntropy(zeros(device, 2, 3, 4), labels(device, 2)));
        shape(rows, "cross-entropy with too few labels",
                "crossEntropy: expected INT64 labels [4] or FLOAT32 distributions [4, 10], found INT64"
                        + " [3] on DEVICE",
                device -> Losses.crossEntropy(zeros(device, 4, 10), labels(device, 3)));
        shape(rows, "cross-entropy with distributions over other classes",
                "crossEntropy: expected INT64 labels [4] or FLOAT32 distributions [4, 10], found FLOAT32"
                        + " [4, 9] on DEVICE",
                device -> Losses.crossEntropy(zeros(device, 4, 10), zeros(device, 4, 9)));
        shape(rows, "cross-entropy with too few class weights",
                "crossEntropy: expected one weight per class [10], found [9]",
                device -> Softmax.crossEntropy(new CrossEntropy(0), zeros(device, 4, 10), labels(device, 4),
                        zeros(device, 9)));
        argument(rows, "label smoothing of 1",
                "cross-entropy: expected label smoothing in [0, 1), found 1.0",
                device -> new CrossEntropy(1));
        shape(rows, "mean squared error of unlike shapes",
                "meanSquaredError: expected targets of the output's shape [4, 1], found [4]",
                device -> Losses.meanSquaredError(zeros(device, 4, 1), zeros(device, 4)));
        shape(rows, "binary cross-entropy of unlike shapes",
                "binaryCrossEntropy: expected targets of the output's shape [4, 1], found [4]",
                device -> Losses.binaryCrossEntropy(zeros(device, 4, 1), zeros(device, 4)));
        argument(rows, "cross-entropy with labels on another device",
                "crossEntropy: expected operands on one device, found FLOAT32 [4, 10] on DEVICE and"
                        + " INT64 [4] on reference:0; make them on the same open device",
                device -> elsewhere(device, other -> Losses.crossEntropy(zeros(device, 4, 10), labels(other, 4))));
    }

    private static void shapes(List<ErrorCase> rows) {
        shape(rows, "reshape to another number of elements",
                "reshape: expected as many elements as [2, 3] has (6), found [4, 2] (8)",
                device -> Shapes.reshape(zeros(device, 2, 3), Shape.of(4, 2)));
        shape(rows, "transpose by no permutation",
                "transpose: expected a permutation of the 2 axes of [2, 3], found [0, 0]",
                device -> Shapes.transpose(zeros(device, 2, 3), 0, 0));
        shape(rows, "transpose of too few axes",
                "transpose: expected a permutation of the 3 axes of [2, 3, 4], found [1, 0]",
                device -> Shapes.transpose(zeros(device, 2, 3, 4), 1, 0));
        shape(rows, "slice beyond the edge",
                "slice: expected a block within [4, 6], found [2, 6] at [3, 0]",
                device -> Shapes.slice(zeros(device, 4, 6), new long[] {3, 0}, Shape.of(2, 6)));
        shape(rows, "slice of another rank",
                "slice: expected a block within [4, 6], found [2] at [0]",
                device -> Shapes.slice(zeros(device, 4, 6), new long[] {0}, Shape.of(2)));
        shape(rows, "pad to a smaller shape",
                "pad: expected a block within [4], found [4] at [1]",
                device -> Shapes.pad(zeros(device, 4), new long[] {1}, Shape.of(4)));
        shape(rows, "concat of unlike shapes",
                "concat: expected shapes like [2, 3] but for axis 0, found [2, 4]",
                device -> Shapes.concat(0, List.of(zeros(device, 2, 3), zeros(device, 2, 4))));
        shape(rows, "gather with indices that are no integers",
                "gatherRows: expected INT64 indices [n], found FLOAT32 [2] on DEVICE",
                device -> Shapes.gatherRows(zeros(device, 4, 3), zeros(device, 2)));
    }

    private static void reductions(List<ErrorCase> rows) {
        shape(rows, "top-k of more than there are",
                "topK: expected rows [n, k] with k of at least 5, found [4, 3]",
                device -> Reductions.topK(zeros(device, 4, 3), 5));
        shape(rows, "arg-max of a number",
                "argMax: expected rows [.., k], found []",
                device -> Reductions.argMax(zeros(device)));
        shape(rows, "softmax of a number",
                "softmax: expected rows [.., k], found []",
                device -> Softmax.softmax(zeros(device)));
        argument(rows, "maxima to be accumulated",
                "reduce: maxima cannot be accumulated; use Binary.MAXIMUM",
                device -> new Reduce(Reduce.Kind.MAX, true));
    }

    private static void randomness(List<ErrorCase> rows) {
        argument(rows, "random numbers from an odd offset",
                "random: expected an offset that is a multiple of 4, found 3",
                device -> Random.bernoulli(0.5, 1, 1, 3));
        argument(rows, "a probability above 1",
                "random: expected a probability in [0, 1], found 1.5",
                device -> Random.bernoulli(1.5, 1, 1, 0));
        argument(rows, "dropout that keeps nothing",
                "dropout: expected Bernoulli draws that keep with a probability in (0, 1], found"
                        + " Random[distribution=BERNOULLI, probability=0.0, seed=1, stream=1, offset=0]",
                device -> Randomness.dropout(Random.bernoulli(0, 1, 1, 0), zeros(device, 4)));
    }

    private static void gradients(List<ErrorCase> rows) {
        argument(rows, "gradient of whole numbers",
                "gradient: expected a floating-point tensor, found INT64",
                device -> labels(device, 4).trackGradient());
        state(rows, "gradient of what does not track it",
                "tensor [4] tracks no gradient; call trackGradient() first",
                device -> zeros(device, 4).gradient());
        shape(rows, "backward from more than one element",
                "backward: expected a loss of one element (take its mean or sum), found [4]",
                device -> backward(device, x -> x));
        state(rows, "backward from what depends on nothing tracked",
                "backward: the loss depends on no tensor that tracks its gradient; was it computed while"
                        + " this tape was open?",
                device -> backward(device, x -> Reductions.sum(zeros(device, 4))));
        shape(rows, "item of many",
                "item: expected a tensor of one element, found [2, 2]",
                device -> zeros(device, 2, 2).item());
    }

    private static void devices(List<ErrorCase> rows) {
        argument(rows, "normalisation with a deviation of 0",
                "normalise: expected one mean and one positive deviation per channel, found [0.5] and [0.0]",
                device -> new NormalizeImages(new float[] {0.5f}, new float[] {0}));
        argument(rows, "a device number that is none",
                "unknown device 'cpu:first': expected a number after the colon",
                device -> Device.open("cpu:first"));
        argument(rows, "a device that is not there",
                "device 'cpu:7' is not available: this machine has 1 of that kind, numbered from 0",
                device -> Device.open("cpu:7"));
        argument(rows, "a negative number of threads",
                "device options: expected threads and memory limit of at least 0, found -1 and 0",
                device -> DeviceOptions.DEFAULT.withThreads(-1));
    }

    private static void shape(List<ErrorCase> rows, String name, String message, Consumer<Device> call) {
        rows.add(new ErrorCase(name, ShapeException.class, message, call));
    }

    private static void argument(List<ErrorCase> rows, String name, String message, Consumer<Device> call) {
        rows.add(new ErrorCase(name, IllegalArgumentException.class, message, call));
    }

    private static void state(List<ErrorCase> rows, String name, String message, Consumer<Device> call) {
        rows.add(new ErrorCase(name, IllegalStateException.class, message, call));
    }

    private static Tensor zeros(Device device, long... extents) {
        return Tensor.zeros(device, DataType.FLOAT32, Shape.of(extents));
    }

    private static Tensor labels(Device device, long count) {
        return Tensor.zeros(device, DataType.INT64, Shape.of(count));
    }

    private static void conv(Device device, Conv2d d, Shape x, Shape w) {
        Convolutions.conv2d(d, zeros(device, x.extents()), zeros(device, w.extents()), null);
    }

    private static void batchNorm(Device device, Unary activation, Tensor x, Tensor residual) {
        Normalization.BatchNormState state = new Normalization.BatchNormState(zeros(device, 5), zeros(device, 5),
                zeros(device, 5), zeros(device, 5));
        Normalization.batchNorm(BatchNorm.DEFAULT, state, x, residual, activation);
    }

    private static void elsewhere(Device device, Consumer<Device> call) {
        try (Device other = Device.open("reference")) {
            call.accept(other);
        }
    }

    private static void backward(Device device, UnaryOperator<Tensor> loss) {
        try (Tape tape = device.record()) {
            tape.backward(loss.apply(zeros(device, 4).trackGradient()));
        }
    }
}
