package dev.halcyon.cuda;

import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.View;

/** Layer norm. */
final class LayerNorms {
    private final Launcher launcher;

    LayerNorms(Launcher launcher) {
        this.launcher = launcher;
    }

    void layerNorm(LayerNorm d, View x, View gamma, View beta, View mean, View inverseDeviation, View y) {
        throw new UnsupportedOperationException("layerNorm");
    }

    void layerNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        throw new UnsupportedOperationException("layerNormGradient");
    }
}
