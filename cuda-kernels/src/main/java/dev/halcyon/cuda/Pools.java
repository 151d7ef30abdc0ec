package dev.halcyon.cuda;

import dev.halcyon.device.Pool2d;
import dev.halcyon.device.View;

/** Pooling. */
final class Pools {
    private final Launcher launcher;

    Pools(Launcher launcher) {
        this.launcher = launcher;
    }

    void maxPool(Pool2d d, View x, View y, View argument) {
        throw new UnsupportedOperationException("maxPool");
    }

    void maxPoolGradient(Pool2d d, View argument, View dy, View dx) {
        throw new UnsupportedOperationException("maxPoolGradient");
    }

    void averagePool(Pool2d d, View x, View y) {
        throw new UnsupportedOperationException("averagePool");
    }

    void averagePoolGradient(Pool2d d, View dy, View dx) {
        throw new UnsupportedOperationException("averagePoolGradient");
    }
}
