package dev.halcyon.cuda;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.View;
import java.util.List;

/** Optimiser steps over all parameters at once. */
final class Optimizers {
    private final Launcher launcher;

    Optimizers(Launcher launcher) {
        this.launcher = launcher;
    }

    void sgd(SgdStep d, List<View> parameters, List<View> gradients, List<View> velocities) {
        throw new UnsupportedOperationException("sgd");
    }

    void adamW(AdamWStep d, List<View> parameters, List<View> gradients, List<View> first, List<View> second) {
        throw new UnsupportedOperationException("adamW");
    }

    void weightAverage(double decay, List<View> parameters, List<View> averages) {
        throw new UnsupportedOperationException("weightAverage");
    }

    void globalNorm(List<View> gradients, View norm) {
        throw new UnsupportedOperationException("globalNorm");
    }

    void allFinite(List<View> views, View flag) {
        throw new UnsupportedOperationException("allFinite");
    }
}
