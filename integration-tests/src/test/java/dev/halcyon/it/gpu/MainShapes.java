package dev.halcyon.it.gpu;

import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.Pool2d;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.models.Models;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import java.util.List;
import java.util.function.Supplier;

/**
 * The operations of a training step of resnet18 and resnet50 on shapes that they have there, but for the batch, which
 * is small. Products are cut into the largest tiles only if there are many of them: these come from shapes with as many
 * rows and columns, but few terms.
 */
final class MainShapes {
    private final Tensors tensors;
    private final Backend backend;

    MainShapes(Tensors tensors) {
        this.tensors = tensors;
        backend = tensors.backend();
    }

    void convolutions() {
        allPasses(Shape.of(2, 32, 32, 64), 3, 64, 1);
        allPasses(Shape.of(2, 32, 32, 64), 3, 128, 2);
        allPasses(Shape.of(2, 32, 32, 64), 1, 128, 2);
        allPasses(Shape.of(2, 8, 8, 256), 3, 256, 1);
        allPasses(Shape.of(1, 56, 56, 64), 3, 64, 1);
        forward(Shape.of(2, 32, 32, 3), 3, 64, 1);
        weightGradient(Shape.of(2, 32, 32, 3), 3, 64, 1);
        forward(Shape.of(1, 64, 64, 3), 7, 64, 2);
        weightGradient(Shape.of(1, 64, 64, 3), 7, 64, 2);
        forward(Shape.of(32, 32, 32, 16), 3, 64, 1);
        forward(Shape.of(32, 32, 32, 16), 3, 128, 1);
        inputGradient(Shape.of(32, 32, 32, 64), 3, 16, 1);
        inputGradient(Shape.of(32, 32, 32, 128), 3, 16, 1);
        weightGradient(Shape.of(1, 8, 8, 512), 3, 576, 1);
        weightGradient(Shape.of(1, 8, 8, 512), 3, 1024, 1);
    }

    private void allPasses(Shape x, int kernel, int outputs, int stride) {
        forward(x, kernel, outputs, stride);
        inputGradient(x, kernel, outputs, stride);
        weightGradient(x, kernel, outputs, stride);
    }

    /** A convolution as residual networks have it: outputs stand at every {@code stride}-th pixel. */
    private record Geometry(Conv2d d, Shape x, Shape w) {
        Geometry(Shape x, int kernel, int outputs, int stride) {
            this(Conv2d.of(stride, kernel / 2), x, Shape.of(kernel, kernel, x.extent(3), outputs));
        }

        Shape y() {
            return d.outputShape(x, w);
        }
    }

    private void forward(Shape x, int kernel, int outputs, int stride) {
        Geometry g = new Geometry(x, kernel, outputs, stride);
        try (Scope _ = Scope.open()) {
            backend.conv2d(g.d, tensors.images(x), tensors.images(g.w), tensors.images(g.y()));
        }
    }

    private void inputGradient(Shape x, int kernel, int outputs, int stride) {
        Geometry g = new Geometry(x, kernel, outputs, stride);
        try (Scope _ = Scope.open()) {
            for (boolean accumulate : new boolean[] {false, true}) {
                backend.conv2dInputGradient(g.d, accumulate, tensors.images(g.y()), tensors.images(g.w),
                        tensors.images(x));
            }
        }
    }

    private void weightGradient(Shape x, int kernel, int outputs, int stride) {
        Geometry g = new Geometry(x, kernel, outputs, stride);
        try (Scope _ = Scope.open()) {
            backend.conv2dWeightGradient(g.d, tensors.images(x), tensors.images(g.y()), tensors.floats(g.w));
        }
    }

    void passes() {
        norms(Shape.of(4, 32, 32, 64));
        norms(Shape.of(4, 16, 16, 128));
        norms(Shape.of(32, 4, 4, 512));
        norms(Shape.of(1, 56, 56, 256));
        maxPool(Shape.of(1, 112, 112, 64));
        averagePool(Shape.of(4, 4, 4, 512));
        averagePool(Shape.of(2, 7, 7, 2048));
        head(128, 512, 10);
        head(64, 2048, 1000);
        pixels(Shape.of(4, 32, 32, 3));
        pixels(Shape.of(1, 224, 224, 3));
        update();
    }

    private void norms(Shape shape) {
        try (Scope _ = Scope.open()) {
            View x = tensors.images(shape);
            View y = tensors.images(shape);
            View other = tensors.images(shape);
            View sum = tensors.images(shape);
            Supplier<View> each = () -> tensors.floats(Shape.of(shape.extent(3)));
            for (View residual : new View[] {null, other}) {
                backend.batchNormActivation(BatchNorm.DEFAULT, Unary.RELU, x, residual, each.get(), each.get(),
                        each.get(), each.get(), each.get(), each.get(), y);
                backend.batchNormActivationGradient(Unary.RELU, x, y, each.get(), each.get(), each.get(), other, sum,
                        residual == null ? null : tensors.images(shape), each.get(), each.get());
            }
            backend.batchNorm(BatchNorm.DEFAULT, x, each.get(), each.get(), each.get(), each.get(), each.get(),
                    each.get(), y);
            backend.batchNormGradient(x, each.get(), each.get(), each.get(), y, sum, each.get(), each.get());
            backend.scaleAdd(1, other, 1, sum);
        }
    }

    private void maxPool(Shape shape) {
        Pool2d d = Pool2d.of(3, 2, 1);
        try (Scope _ = Scope.open()) {
            View argument = tensors.of(DataType.UINT8, d.outputShape(shape));
            backend.maxPool(d, tensors.images(shape), tensors.images(d.outputShape(shape)), argument);
            backend.maxPoolGradient(d, argument, tensors.images(d.outputShape(shape)), tensors.images(shape));
        }
    }

    private void averagePool(Shape shape) {
        Pool2d d = Pool2d.global(shape);
        try (Scope _ = Scope.open()) {
            backend.averagePool(d, tensors.images(shape), tensors.images(d.outputShape(shape)));
            backend.averagePoolGradient(d, tensors.images(d.outputShape(shape)), tensors.images(shape));
        }
    }

    /** From the last features to the loss and back. */
    private void head(int rows, int features, int classes) {
        try (Scope _ = Scope.open()) {
            View x = tensors.images(Shape.of(rows, features));
            View w = tensors.images(Shape.of(features, classes));
            View logits = tensors.images(Shape.of(rows, classes));
            View wide = tensors.floats(logits.shape());
            View gradient = tensors.floats(logits.shape());
            View losses = tensors.floats(Shape.of(rows));
            View number = tensors.floats(Shape.of(1));
            backend.cast(tensors.floats(w.shape()), tensors.images(w.shape()));
            backend.gemmBiasActivation(Gemm.PLAIN, Unary.IDENTITY, x, w, tensors.floats(Shape.of(classes)), logits);
            backend.cast(tensors.images(logits.shape()), wide);
            backend.crossEntropy(new CrossEntropy(0), wide, tensors.of(DataType.INT64, Shape.of(rows)), null, losses,
                    gradient);
            backend.reduce(Reduce.of(Reduce.Kind.MEAN), losses, number);
            backend.fill(number, 1);
            backend.binary(Binary.MULTIPLY, gradient, number, gradient);
            backend.reduce(new Reduce(Reduce.Kind.SUM, true), logits, tensors.floats(Shape.of(1, classes)));
        }
    }

    private void pixels(Shape shape) {
        try (Scope _ = Scope.open()) {
            backend.normalizeImages(Models.usualNormalization(3), tensors.of(DataType.UINT8, shape),
                    tensors.of(DataType.INT32, Shape.of(shape.extent(0), 3)), tensors.images(shape));
        }
    }

    private void update() {
        try (Scope _ = Scope.open()) {
            List<View> parameters = List.of(tensors.floats(Shape.of(3, 3, 128, 128)), tensors.floats(Shape.of(512, 10)),
                    tensors.floats(Shape.of(64)), tensors.floats(Shape.of(10)));
            backend.sgd(new SgdStep(0.1, 0.9, true, 5e-4, 0), parameters,
                    parameters.stream().map(p -> tensors.floats(p.shape())).toList(),
                    parameters.stream().map(p -> tensors.floats(p.shape())).toList());
            backend.castAll(parameters,
                    parameters.stream().map(p -> tensors.of(DataType.BFLOAT16, p.shape())).toList());
        }
    }
}
