package dev.halcyon.it.gpu;

import dev.halcyon.device.Backend;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;

/**
 * What is known once for every row or column: of features, of logits for 10, 75, 1000 and 21843 classes, and of images.
 */
final class RowShapes {
    private static final Shape FEATURES = Shape.of(64, 512);
    private static final Shape LONG = Shape.of(32, 4096);
    private static final Shape IMAGES = Shape.of(2, 28, 28, 96);
    private static final Shape[] LOGITS =
            {Shape.of(128, 10), Shape.of(64, 75), Shape.of(64, 1000), Shape.of(8, 21843)};

    private final Tensors tensors;
    private final Backend backend;

    RowShapes(Tensors tensors) {
        this.tensors = tensors;
        backend = tensors.backend();
    }

    void run() {
        for (Shape shape : new Shape[] {Shape.of(128, 10), Shape.of(1024, 75), FEATURES, LONG}) {
            try (Scope _ = Scope.open()) {
                layerNorm(shape);
            }
        }
        for (Shape shape : LOGITS) {
            try (Scope _ = Scope.open()) {
                logits(shape);
            }
        }
        try (Scope _ = Scope.open()) {
            reductions();
        }
    }

    private void layerNorm(Shape shape) {
        View x = tensors.images(shape);
        View y = tensors.images(shape);
        View each = tensors.floats(shape.extent(1));
        View mean = tensors.floats(shape.extent(0));
        View deviation = tensors.floats(shape.extent(0));
        backend.layerNorm(new LayerNorm(1e-5), x, each, each, mean, deviation, y);
        backend.layerNormGradient(x, each, mean, deviation, y, tensors.images(shape), tensors.floats(each.shape()),
                tensors.floats(each.shape()));
    }

    private void logits(Shape shape) {
        View x = tensors.images(shape);
        View y = tensors.images(shape);
        long rows = shape.extent(0);
        backend.softmax(x, y);
        backend.softmaxGradient(x, y, tensors.images(shape));
        backend.crossEntropy(new CrossEntropy(0.1), x, tensors.of(DataType.INT64, Shape.of(rows)), null,
                tensors.floats(rows), y);
        backend.argMax(x, tensors.of(DataType.INT64, Shape.of(rows)));
        backend.topK(x, tensors.images(rows, 5), tensors.of(DataType.INT64, Shape.of(rows, 5)));
    }

    private void reductions() {
        for (Reduce.Kind kind : Reduce.Kind.values()) {
            Reduce d = Reduce.of(kind);
            for (Shape shape : new Shape[] {FEATURES, Shape.of(64, 75), Shape.of(128, 10)}) {
                View x = tensors.images(shape);
                backend.reduce(d, x, tensors.images(shape.extent(0), 1));
                backend.reduce(d, x, tensors.images(1, shape.extent(1)));
            }
            backend.reduce(d, tensors.images(IMAGES), tensors.images(IMAGES.extent(0), 1, 1, IMAGES.extent(3)));
            backend.reduce(d, tensors.images(2, 28, 28, 75), tensors.images(1, 1, 1, 75));
        }
    }
}
