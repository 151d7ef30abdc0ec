package dev.halcyon.it.gpu;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Backend;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import java.util.List;

/** What is done to all parameters at once. */
final class OptimizerShapes {
    private static final List<Shape> PARAMETERS = List.of(Shape.of(3, 3, 64, 64), Shape.of(512, 10), Shape.of(10));

    private final Tensors tensors;

    OptimizerShapes(Tensors tensors) {
        this.tensors = tensors;
    }

    void run() {
        Backend backend = tensors.backend();
        try (Scope _ = Scope.open()) {
            List<View> w = parameters();
            List<View> g = parameters();
            backend.adamW(new AdamWStep(1e-3, 0.9, 0.999, 1e-8, 0.01, 1), w, g, parameters(), parameters());
            backend.weightAverage(0.99, w, parameters());
            backend.globalNorm(g, tensors.floats(1));
            backend.allFinite(g, tensors.floats(1));
        }
    }

    private List<View> parameters() {
        return PARAMETERS.stream().map(tensors::floats).toList();
    }
}
