package dev.halcyon.it.gpu;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Device;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.Pool2d;
import dev.halcyon.device.Random;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.Region;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.List;

/** What a training step of a residual network has no use for, on shapes of the networks that have one. */
final class OtherShapes {
    private static final DataType FLOAT = DataType.FLOAT32;
    private static final Shape IMAGES = Shape.of(2, 28, 28, 96);
    private static final Shape ROWS = Shape.of(64, 512);
    private static final Shape LOGITS = Shape.of(64, 1000);

    private final Device device;
    private final Backend backend;
    private final DataType type;

    /** @param type of images and their gradients */
    OtherShapes(Device device, DataType type) {
        this.device = device;
        this.type = type;
        backend = device.backend();
    }

    void run() {
        try (Scope _ = Scope.open()) {
            elementwise();
            mobilenet();
            lenet();
            inference();
            rows();
            if (type == FLOAT) {
                logits();
                shapes();
                optimizers();
            }
        }
    }

    private void elementwise() {
        for (Unary op : List.of(Unary.RELU, Unary.GELU)) {
            backend.unary(op, images(IMAGES), images(IMAGES));
            backend.unaryGradient(op, images(IMAGES), images(IMAGES), images(IMAGES));
        }
        backend.binary(Binary.MULTIPLY, images(IMAGES), images(IMAGES), images(IMAGES));
        backend.binary(Binary.ADD, images(IMAGES), images(Shape.of(96)), images(IMAGES));
        backend.dropout(Random.bernoulli(0.9, 1, 2, 0), images(ROWS), images(ROWS));
        backend.random(Random.bernoulli(0.9, 1, 2, 0), floats(ROWS));
        backend.copy(images(IMAGES), images(IMAGES));
    }

    private void mobilenet() {
        depthwise(Shape.of(2, 28, 28, 96), 1);
        depthwise(Shape.of(2, 28, 28, 96), 2);
        depthwise(Shape.of(2, 7, 7, 960), 1);
    }

    private void depthwise(Shape x, int stride) {
        long channels = x.extent(3);
        Conv2d d = new Conv2d(stride, stride, 1, 1, 1, 1, (int) channels);
        Shape w = Shape.of(3, 3, 1, channels);
        Shape y = d.outputShape(x, w);
        backend.conv2d(d, images(x), images(w), images(y));
        backend.conv2dBiasActivation(d, Unary.RELU6, images(x), images(w), floats(Shape.of(channels)), images(y));
        backend.conv2dInputGradient(d, images(y), images(w), images(x));
        backend.conv2dWeightGradient(d, images(x), images(y), floats(w));
    }

    private void lenet() {
        convolution(Shape.of(32, 28, 28, 1), 6, 2);
        pool(Shape.of(32, 28, 28, 6));
        convolution(Shape.of(32, 14, 14, 6), 16, 0);
        pool(Shape.of(32, 10, 10, 16));
    }

    private void convolution(Shape x, int outputs, int padding) {
        Conv2d d = Conv2d.of(1, padding);
        Shape w = Shape.of(5, 5, x.extent(3), outputs);
        Shape y = d.outputShape(x, w);
        backend.conv2dBiasActivation(d, Unary.IDENTITY, images(x), images(w), floats(Shape.of(outputs)), images(y));
        backend.conv2dInputGradient(d, images(y), images(w), images(x));
        backend.conv2dWeightGradient(d, images(x), images(y), floats(w));
        backend.reduce(new Reduce(Reduce.Kind.SUM, true), images(y), floats(Shape.of(1, 1, 1, outputs)));
    }

    private void pool(Shape x) {
        Pool2d d = Pool2d.of(2, 2, 0);
        Shape y = d.outputShape(x);
        View argument = tensor(DataType.UINT8, y);
        backend.maxPool(d, images(x), images(y), argument);
        backend.maxPoolGradient(d, argument, images(y), images(x));
        backend.averagePool(d, images(x), images(y));
        backend.averagePoolGradient(d, images(y), images(x));
    }

    private void inference() {
        Shape each = Shape.of(64);
        Conv2d d = Conv2d.of(1, 1);
        Shape x = Shape.of(2, 32, 32, 64);
        Shape w = Shape.of(3, 3, 64, 64);
        for (View residual : new View[] {null, images(x)}) {
            backend.conv2dBatchNormInference(d, BatchNorm.DEFAULT, Unary.RELU, images(x), images(w), residual,
                    floats(each), floats(each), floats(each), floats(each), images(x));
        }
        backend.batchNormInference(BatchNorm.DEFAULT, images(x), floats(each), floats(each), floats(each),
                floats(each), images(x));
        backend.batchNormActivationInference(BatchNorm.DEFAULT, Unary.RELU, images(x), images(x), floats(each),
                floats(each), floats(each), floats(each), images(x));
    }

    private void rows() {
        View each = floats(Shape.of(ROWS.extent(1)));
        View mean = floats(Shape.of(ROWS.extent(0)));
        View deviation = floats(mean.shape());
        backend.layerNorm(new LayerNorm(1e-5), images(ROWS), each, each, mean, deviation, images(ROWS));
        backend.layerNormGradient(images(ROWS), each, mean, deviation, images(ROWS), images(ROWS),
                floats(each.shape()), floats(each.shape()));
        backend.reduce(Reduce.of(Reduce.Kind.MAX), images(ROWS), images(Shape.of(ROWS.extent(0), 1)));
        backend.reduce(Reduce.of(Reduce.Kind.SUM), images(IMAGES), images(Shape.of(2, 1, 1, 96)));
    }

    /** They are float32 in every precision. */
    private void logits() {
        View indices = tensor(DataType.INT64, Shape.of(LOGITS.extent(0)));
        backend.softmax(floats(LOGITS), floats(LOGITS));
        backend.softmaxGradient(floats(LOGITS), floats(LOGITS), floats(LOGITS));
        backend.argMax(floats(LOGITS), indices);
        backend.topK(floats(LOGITS), floats(Shape.of(64, 5)), tensor(DataType.INT64, Shape.of(64, 5)));
    }

    private void shapes() {
        backend.transpose(new int[] {0, 3, 1, 2}, floats(IMAGES), floats(Shape.of(2, 96, 28, 28)));
        backend.transpose(new int[] {1, 0}, floats(ROWS), floats(Shape.of(512, 64)));
        backend.copyRegion(new Region(new long[4], new long[4], new long[] {2, 28, 28, 48}), floats(IMAGES),
                floats(Shape.of(2, 28, 28, 48)));
        View indices = tensor(DataType.INT64, Shape.of(64));
        backend.gatherRows(floats(Shape.of(100, 512)), indices, floats(ROWS));
        backend.scatterAddRows(floats(ROWS), indices, floats(Shape.of(100, 512)));
        backend.cast(tensor(DataType.UINT8, IMAGES), floats(IMAGES));
        backend.cast(floats(IMAGES), tensor(DataType.FLOAT64, IMAGES));
    }

    private void optimizers() {
        List<View> w = List.of(floats(Shape.of(3, 3, 64, 64)), floats(Shape.of(512, 10)), floats(Shape.of(10)));
        List<View> g = w.stream().map(p -> floats(p.shape())).toList();
        List<View> m = w.stream().map(p -> floats(p.shape())).toList();
        List<View> v = w.stream().map(p -> floats(p.shape())).toList();
        backend.adamW(new AdamWStep(1e-3, 0.9, 0.999, 1e-8, 0.01, 1), w, g, m, v);
        backend.weightAverage(0.99, w, m);
        backend.globalNorm(g, floats(Shape.of(1)));
        backend.allFinite(g, floats(Shape.of(1)));
    }

    private View images(Shape shape) {
        return tensor(type, shape);
    }

    private View floats(Shape shape) {
        return tensor(FLOAT, shape);
    }

    private View tensor(DataType of, Shape shape) {
        return Tensor.zeros(device, of, shape).view();
    }
}
