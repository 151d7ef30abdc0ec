package dev.halcyon.device;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.Objects;

/**
 * What an operation sees of a tensor: a row-major, contiguous block of elements within a buffer.
 *
 * @param buffer the memory
 * @param offset where the first element lies, in bytes from the start of the buffer; a multiple of the element size
 * @param shape the extents
 * @param type the element type
 */
public record View(Buffer buffer, long offset, Shape shape, DataType type) {
    /**
     * Checks that the block lies within the buffer.
     *
     * @throws IndexOutOfBoundsException if it does not
     */
    public View {
        Objects.requireNonNull(type, "type");
        Objects.checkFromIndexSize(offset, Math.multiplyExact(shape.elements(), type.bytes()), buffer.bytes());
    }

    /** Size in bytes. */
    public long bytes() {
        return shape.elements() * type.bytes();
    }

    /** Number of elements. */
    public long elements() {
        return shape.elements();
    }

    /** One extent of the shape; negative axes count from the innermost. */
    public long extent(int axis) {
        return shape.extent(axis);
    }

    /** The same elements under another shape of as many elements. */
    public View as(Shape other) {
        return new View(buffer, offset, other, type);
    }

    /** Row {@code index} along the outermost axis, without that axis. */
    public View row(long index) {
        Objects.checkIndex(index, shape.extent(0));
        long[] rest = new long[shape.rank() - 1];
        for (int axis = 0; axis < rest.length; axis++) {
            rest[axis] = shape.extent(axis + 1);
        }
        Shape inner = Shape.of(rest);
        return new View(buffer, offset + index * inner.elements() * type.bytes(), inner, type);
    }
}
