package dev.halcyon.it.gpu;

import dev.halcyon.device.Backend;
import dev.halcyon.device.Device;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;

/**
 * Makes the tensors, of zeros unless it is said, that operations are measured on; they live as long as the scope that is open.
 *
 * @param type of images and their gradients
 */
record Tensors(Device device, DataType type) {
    Backend backend() {
        return device.backend();
    }

    View images(long... extents) {
        return images(Shape.of(extents));
    }

    View images(Shape shape) {
        return of(type, shape);
    }

    View floats(long... extents) {
        return floats(Shape.of(extents));
    }

    View floats(Shape shape) {
        return of(DataType.FLOAT32, shape);
    }

    View indices(long... values) {
        return Tensor.of(device, Shape.of(values.length), values).view();
    }

    View of(DataType elements, Shape shape) {
        return Tensor.zeros(device, elements, shape).view();
    }
}
