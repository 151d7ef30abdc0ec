package dev.halcyon.cuda;

import dev.halcyon.device.Random;
import dev.halcyon.device.View;

/** Random numbers. */
final class Draws {
    private final Launcher launcher;

    Draws(Launcher launcher) {
        this.launcher = launcher;
    }

    void random(Random d, View y) {
        throw new UnsupportedOperationException("random");
    }

    void dropout(Random keep, View x, View y) {
        throw new UnsupportedOperationException("dropout");
    }
}
