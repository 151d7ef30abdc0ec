package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.autograd.ops.Shapes;
import dev.halcyon.device.Device;
import dev.halcyon.loss.Losses;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On backends that compute in the host's memory, a label or index out of range is refused and touches nothing. */
final class WrongIndicesTest {
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void labelsOutsideTheClassesAreRefused(String kind) {
        try (Device device = Device.open(kind); Scope scope = Scope.open()) {
            Tensor logits = Tensor.zeros(device, DataType.FLOAT32, Shape.of(3, 10));
            Tensor labels = Tensor.of(device, Shape.of(3), 0L, 9L, 10L);
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                    () -> scope.keep(Losses.crossEntropy(logits, labels)));
            assertEquals("crossEntropy: expected indices in [0, 10), found 10 at position 2", refusal.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void rowsOutsideTheTableAreRefused(String kind) {
        try (Device device = Device.open(kind); Scope scope = Scope.open()) {
            Tensor table = Tensor.zeros(device, DataType.FLOAT32, Shape.of(4, 3));
            Tensor indices = Tensor.of(device, Shape.of(2), 3L, -1L);
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                    () -> scope.keep(Shapes.gatherRows(table, indices)));
            assertEquals("gatherRows: expected indices in [0, 4), found -1 at position 1", refusal.getMessage());
            refusal = assertThrows(IllegalArgumentException.class,
                    () -> device.backend().scatterAddRows(Tensor.zeros(device, DataType.FLOAT32, Shape.of(2, 3)).view(),
                            indices.view(), table.view()));
            assertEquals("scatterAddRows: expected indices in [0, 4), found -1 at position 1", refusal.getMessage());
        }
    }
}
