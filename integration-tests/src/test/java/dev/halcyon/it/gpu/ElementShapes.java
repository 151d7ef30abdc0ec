package dev.halcyon.it.gpu;

import dev.halcyon.device.Backend;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Random;
import dev.halcyon.device.Random.Distribution;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;

/** What is done to every element by itself: on features, and on what is added to them for every channel. */
final class ElementShapes {
    private static final Shape FEATURES = Shape.of(64, 512);
    private static final Shape IMAGES = Shape.of(2, 14, 14, 96);
    /** Channels that fill no access. */
    private static final Shape ODD = Shape.of(2, 14, 14, 75);

    private final Tensors tensors;
    private final Backend backend;

    ElementShapes(Tensors tensors) {
        this.tensors = tensors;
        backend = tensors.backend();
    }

    void run() {
        try (Scope _ = Scope.open()) {
            functions();
            sums();
            draws();
            if (tensors.type() == DataType.FLOAT32) {
                casts();
            }
        }
    }

    private void functions() {
        View x = tensors.images(FEATURES);
        View y = tensors.images(FEATURES);
        View z = tensors.images(FEATURES);
        for (Unary op : Unary.values()) {
            backend.unary(op, x, y);
            backend.unaryGradient(op, x, y, z);
        }
        for (Binary op : Binary.values()) {
            backend.binary(op, x, y, z);
        }
        backend.scaleAdd(1, x, 1, y);
        backend.copy(x, y);
    }

    /** With what there is once for every channel. */
    private void sums() {
        for (Shape shape : new Shape[] {IMAGES, ODD}) {
            View x = tensors.images(shape);
            View each = tensors.images(shape.extent(3));
            View y = tensors.images(shape);
            for (Binary op : Binary.values()) {
                backend.binary(op, x, each, y);
            }
        }
    }

    private void draws() {
        View x = tensors.images(FEATURES);
        View y = tensors.images(FEATURES);
        for (Distribution distribution : Distribution.values()) {
            backend.random(new Random(distribution, 0.9, 1, 2, 0), y);
        }
        backend.dropout(Random.bernoulli(0.9, 1, 2, 0), x, y);
    }

    private void casts() {
        for (DataType from : DataType.values()) {
            for (DataType to : DataType.values()) {
                backend.cast(tensors.of(from, FEATURES), tensors.of(to, FEATURES));
            }
        }
    }
}
