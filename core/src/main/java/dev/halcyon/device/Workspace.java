package dev.halcyon.device;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Temporaries of one fused operation, freed together at its end. */
final class Workspace implements AutoCloseable {
    private final Backend backend;
    private final List<Buffer> buffers = new ArrayList<>();

    Workspace(Backend backend) {
        this.backend = backend;
    }

    View like(View view) {
        return view(view.shape(), view.type());
    }

    View view(Shape shape, DataType type) {
        Buffer buffer = backend.allocate(shape.elements() * type.bytes());
        buffers.add(buffer);
        return new View(buffer, 0, shape, type);
    }

    @Override
    public void close() {
        buffers.forEach(backend::free);
    }
}
