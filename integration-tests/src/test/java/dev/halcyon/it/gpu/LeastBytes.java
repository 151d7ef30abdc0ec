package dev.halcyon.it.gpu;

import dev.halcyon.device.OperationListener.Operation;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;

/**
 * The least that an operation can move: every tensor that it reads once, every tensor that it writes once, and those
 * that it changes both ways. What an operation keeps for itself between its kernels counts nothing.
 */
final class LeastBytes {
    private LeastBytes() {
    }

    static long of(Operation operation) {
        long once = operation.bytes();
        return switch (operation.name()) {
            case "sgd", "adamW" -> 2 * once;
            case "scaleAdd" -> once / 2 * 3;
            case "conv2d" -> once - skipped(operation.shapes().get(0), operation.shapes().get(1),
                    operation.shapes().get(2), once / elements(operation));
            case "conv2dWeightGradient" -> {
                Shape dw = operation.shapes().get(2);
                long changed = dw.elements() * DataType.FLOAT32.bytes();
                long width = (once - changed) / (elements(operation) - dw.elements());
                yield once + changed - skipped(operation.shapes().get(0), dw, operation.shapes().get(1), width);
            }
            default -> once;
        };
    }

    private static long elements(Operation operation) {
        return operation.shapes().stream().mapToLong(Shape::elements).sum();
    }

    /** Bytes of an image that no output of a convolution by single pixels sees, because of its stride. */
    private static long skipped(Shape x, Shape w, Shape y, long width) {
        boolean single = w.extent(0) * w.extent(1) == 1;
        return single ? (x.product(0, 3) - y.product(0, 3)) * x.extent(3) * width : 0;
    }
}
