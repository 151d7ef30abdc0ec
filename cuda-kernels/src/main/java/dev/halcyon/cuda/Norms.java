package dev.halcyon.cuda;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/** Batch norm, alone or with a sum and an activation behind it. */
final class Norms {
    private final Launcher launcher;

    Norms(Launcher launcher) {
        this.launcher = launcher;
    }

    void batchNorm(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance, View mean,
            View inverseDeviation, View y) {
        throw new UnsupportedOperationException("batchNorm");
    }

    void batchNormInference(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance,
            View y) {
        throw new UnsupportedOperationException("batchNormInference");
    }

    void batchNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        throw new UnsupportedOperationException("batchNormGradient");
    }

    void batchNormActivation(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View mean, View inverseDeviation, View y) {
        throw new UnsupportedOperationException("batchNormActivation");
    }

    void batchNormActivationInference(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View y) {
        throw new UnsupportedOperationException("batchNormActivationInference");
    }

    void batchNormActivationGradient(Unary activation, View x, View y, View gamma, View mean, View inverseDeviation,
            View dy, View dx, View dresidual, View dgamma, View dbeta) {
        throw new UnsupportedOperationException("batchNormActivationGradient");
    }
}
