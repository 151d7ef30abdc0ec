package dev.halcyon.cuda;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/** Convolutions. */
final class Convolutions {
    private final Launcher launcher;
    private final Gemms gemms;

    Convolutions(Launcher launcher, Gemms gemms) {
        this.launcher = launcher;
        this.gemms = gemms;
    }

    void conv2d(Conv2d d, View x, View w, View y) {
        throw new UnsupportedOperationException("conv2d");
    }

    void conv2dInputGradient(Conv2d d, View dy, View w, View dx) {
        throw new UnsupportedOperationException("conv2dInputGradient");
    }

    void conv2dWeightGradient(Conv2d d, View x, View dy, View dw) {
        throw new UnsupportedOperationException("conv2dWeightGradient");
    }

    void conv2dBiasActivation(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        throw new UnsupportedOperationException("conv2dBiasActivation");
    }

    void conv2dBatchNormInference(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View gamma, View beta,
            View runningMean, View runningVariance, View y) {
        throw new UnsupportedOperationException("conv2dBatchNormInference");
    }
}
