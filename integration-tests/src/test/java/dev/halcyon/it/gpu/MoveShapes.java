package dev.halcyon.it.gpu;

import dev.halcyon.device.Backend;
import dev.halcyon.device.Region;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import java.util.List;
import java.util.stream.LongStream;

/** What moves elements, of every size: images to other orders of their axes, parts of them, and rows of tables. */
final class MoveShapes {
    private static final Shape IMAGES = Shape.of(2, 28, 28, 96);

    private final Tensors tensors;
    private final Backend backend;

    MoveShapes(Tensors tensors) {
        this.tensors = tensors;
        backend = tensors.backend();
    }

    void run() {
        for (DataType type : List.of(DataType.UINT8, DataType.BFLOAT16, DataType.FLOAT32, DataType.INT64)) {
            try (Scope _ = Scope.open()) {
                transposes(type);
                parts(type);
                rows(type);
            }
        }
    }

    private void transposes(DataType type) {
        backend.transpose(new int[] {0, 3, 1, 2}, tensors.of(type, IMAGES), tensors.of(type, Shape.of(2, 96, 28, 28)));
        backend.transpose(new int[] {1, 0}, tensors.of(type, Shape.of(64, 512)), tensors.of(type, Shape.of(512, 64)));
        backend.transpose(new int[] {0, 3, 1, 2}, tensors.of(type, Shape.of(4, 32, 32, 3)),
                tensors.of(type, Shape.of(4, 3, 32, 32)));
        backend.transpose(new int[] {0, 2, 3, 1}, tensors.of(type, Shape.of(4, 3, 32, 32)),
                tensors.of(type, Shape.of(4, 32, 32, 3)));
    }

    private void parts(DataType type) {
        backend.copyRegion(new Region(new long[4], new long[4], new long[] {2, 28, 28, 48}), tensors.of(type, IMAGES),
                tensors.of(type, Shape.of(2, 28, 28, 48)));
        backend.copyRegion(new Region(new long[4], new long[4], new long[] {2, 28, 28, 37}),
                tensors.of(type, Shape.of(2, 28, 28, 75)), tensors.of(type, Shape.of(2, 28, 28, 37)));
    }

    private void rows(DataType type) {
        View indices = tensors.indices(LongStream.range(0, 64).map(i -> 37 * i % 100).toArray());
        for (long width : new long[] {512, 75}) {
            View table = tensors.of(type, Shape.of(100, width));
            View rows = tensors.of(type, Shape.of(64, width));
            backend.gatherRows(table, indices, rows);
            if (type == DataType.FLOAT32 || type == DataType.BFLOAT16) {
                backend.scatterAddRows(rows, indices, table);
            }
        }
    }
}
