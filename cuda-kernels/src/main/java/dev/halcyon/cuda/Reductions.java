package dev.halcyon.cuda;

import dev.halcyon.device.Reduce;
import dev.halcyon.device.View;

/** Sums, means, maxima and where they are. */
final class Reductions {
    private final Launcher launcher;

    Reductions(Launcher launcher) {
        this.launcher = launcher;
    }

    void reduce(Reduce d, View x, View y) {
        throw new UnsupportedOperationException("reduce");
    }

    void argMax(View x, View y) {
        throw new UnsupportedOperationException("argMax");
    }

    void topK(View x, View values, View indices) {
        throw new UnsupportedOperationException("topK");
    }
}
