package dev.halcyon.cuda;

import dev.halcyon.device.Region;
import dev.halcyon.device.View;

/** Operations that move elements. */
final class Shapes {
    private final Launcher launcher;

    Shapes(Launcher launcher) {
        this.launcher = launcher;
    }

    void transpose(int[] permutation, View x, View y) {
        throw new UnsupportedOperationException("transpose");
    }

    void copyRegion(Region region, View x, View y) {
        throw new UnsupportedOperationException("copyRegion");
    }

    void gatherRows(View table, View indices, View rows) {
        throw new UnsupportedOperationException("gatherRows");
    }

    void scatterAddRows(View rows, View indices, View table) {
        throw new UnsupportedOperationException("scatterAddRows");
    }
}
