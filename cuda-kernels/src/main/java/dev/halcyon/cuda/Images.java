package dev.halcyon.cuda;

import dev.halcyon.device.NormalizeImages;
import dev.halcyon.device.View;

/** From pixels to floats. */
final class Images {
    private final Launcher launcher;

    Images(Launcher launcher) {
        this.launcher = launcher;
    }

    void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        throw new UnsupportedOperationException("normalizeImages");
    }
}
