package dev.halcyon.it.gpu;

import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;

/** Convolutions, norms and pools of mobilenetv2, LeNet and convnet, of networks in use, and of odd channels. */
final class ImageShapes {
    private final Tensors tensors;
    private final Backend backend;

    ImageShapes(Tensors tensors) {
        this.tensors = tensors;
        backend = tensors.backend();
    }

    void run() {
        depthwise(Shape.of(2, 28, 28, 96), 1, 1);
        depthwise(Shape.of(2, 28, 28, 96), 2, 1);
        depthwise(Shape.of(2, 7, 7, 960), 1, 1);
        depthwise(Shape.of(2, 14, 14, 32), 1, 2);
        depthwise(Shape.of(2, 14, 14, 75), 1, 1);
        lenet();
        pool(Pool2d.of(3, 2, 1), Shape.of(4, 28, 28, 6));
        pool(Pool2d.of(2, 2, 0), Shape.of(4, 28, 28, 75));
        pool(Pool2d.of(2, 2, 0), Shape.of(4, 32, 32, 32));
        for (long channels : new long[] {10, 75, 128}) {
            Shape shape = Shape.of(4, 8, 8, channels);
            averagePool(Pool2d.global(shape), shape);
        }
        inference();
        norm(Shape.of(4, 28, 28, 96), Unary.TANH);
        norm(Shape.of(4, 28, 28, 75), Unary.RELU);
        norm(Shape.of(128, 10), Unary.RELU6);
    }

    private void depthwise(Shape x, int stride, int each) {
        long channels = x.extent(3);
        Conv2d d = new Conv2d(stride, stride, 1, 1, 1, 1, (int) channels);
        Shape w = Shape.of(3, 3, 1, channels * each);
        Shape y = d.outputShape(x, w);
        try (Scope _ = Scope.open()) {
            backend.conv2d(d, tensors.images(x), tensors.images(w), tensors.images(y));
            backend.conv2dBiasActivation(d, Unary.RELU6, tensors.images(x), tensors.images(w),
                    tensors.floats(channels * each), tensors.images(y));
            backend.conv2dInputGradient(d, false, tensors.images(y), tensors.images(w), tensors.images(x));
            backend.conv2dInputGradient(d, true, tensors.images(y), tensors.images(w), tensors.images(x));
            backend.conv2dWeightGradient(d, tensors.images(x), tensors.images(y), tensors.floats(w));
        }
    }

    private void lenet() {
        convolution(Shape.of(32, 28, 28, 1), 6, 2);
        pool(Pool2d.of(2, 2, 0), Shape.of(32, 28, 28, 6));
        convolution(Shape.of(32, 14, 14, 6), 16, 0);
        pool(Pool2d.of(2, 2, 0), Shape.of(32, 10, 10, 16));
    }

    private void convolution(Shape x, int outputs, int padding) {
        Conv2d d = Conv2d.of(1, padding);
        Shape w = Shape.of(5, 5, x.extent(3), outputs);
        Shape y = d.outputShape(x, w);
        try (Scope _ = Scope.open()) {
            backend.conv2dBiasActivation(d, Unary.IDENTITY, tensors.images(x), tensors.images(w),
                    tensors.floats(outputs), tensors.images(y));
            backend.conv2dInputGradient(d, false, tensors.images(y), tensors.images(w), tensors.images(x));
            backend.conv2dWeightGradient(d, tensors.images(x), tensors.images(y), tensors.floats(w));
            backend.reduce(new Reduce(Reduce.Kind.SUM, true), tensors.images(y), tensors.floats(1, 1, 1, outputs));
        }
    }

    private void pool(Pool2d d, Shape x) {
        Shape y = d.outputShape(x);
        try (Scope _ = Scope.open()) {
            View argument = tensors.of(DataType.UINT8, y);
            backend.maxPool(d, tensors.images(x), tensors.images(y), argument);
            backend.maxPoolGradient(d, argument, tensors.images(y), tensors.images(x));
        }
        averagePool(d, x);
    }

    private void averagePool(Pool2d d, Shape x) {
        Shape y = d.outputShape(x);
        try (Scope _ = Scope.open()) {
            backend.averagePool(d, tensors.images(x), tensors.images(y));
            backend.averagePoolGradient(d, tensors.images(y), tensors.images(x));
        }
    }

    private void inference() {
        Conv2d d = Conv2d.of(1, 1);
        Shape x = Shape.of(2, 32, 32, 64);
        try (Scope _ = Scope.open()) {
            View each = tensors.floats(64);
            View w = tensors.images(3, 3, 64, 64);
            backend.batchNormInference(BatchNorm.DEFAULT, tensors.images(x), each, each, each, each,
                    tensors.images(x));
            for (View residual : new View[] {null, tensors.images(x)}) {
                backend.conv2dBatchNormInference(d, BatchNorm.DEFAULT, Unary.RELU, tensors.images(x), w, residual,
                        each, each, each, each, tensors.images(x));
            }
        }
    }

    private void norm(Shape shape, Unary activation) {
        try (Scope _ = Scope.open()) {
            View x = tensors.images(shape);
            View y = tensors.images(shape);
            View each = tensors.floats(shape.extent(-1));
            View other = tensors.floats(shape.extent(-1));
            View more = tensors.floats(shape.extent(-1));
            for (View residual : new View[] {null, tensors.images(shape)}) {
                backend.batchNormActivation(BatchNorm.DEFAULT, activation, x, residual, each, each, other, more,
                        tensors.floats(each.shape()), tensors.floats(each.shape()), y);
                backend.batchNormActivationGradient(activation, x, y, each, each, each, tensors.images(shape),
                        tensors.images(shape), residual, other, more);
                backend.batchNormActivationInference(BatchNorm.DEFAULT, activation, x, residual, each, each, each,
                        each, y);
            }
        }
    }
}
