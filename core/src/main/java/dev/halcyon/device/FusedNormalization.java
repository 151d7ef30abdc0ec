package dev.halcyon.device;

/** Batch norm with what follows it, made of primitives. */
final class FusedNormalization {
    private FusedNormalization() {
    }

    static void batchNormActivation(Backend backend, BatchNorm d, Unary activation, View x, View residual, View gamma,
            View beta, View runningMean, View runningVariance, View mean, View inverseDeviation, View y) {
        backend.batchNorm(d, x, gamma, beta, runningMean, runningVariance, mean, inverseDeviation, y);
        residualActivation(backend, activation, residual, y);
    }

    static void batchNormActivationInference(Backend backend, BatchNorm d, Unary activation, View x, View residual,
            View gamma, View beta, View runningMean, View runningVariance, View y) {
        backend.batchNormInference(d, x, gamma, beta, runningMean, runningVariance, y);
        residualActivation(backend, activation, residual, y);
    }

    private static void residualActivation(Backend backend, Unary activation, View residual, View y) {
        if (residual != null) {
            backend.binary(Binary.ADD, y, residual, y);
        }
        if (activation != Unary.IDENTITY) {
            backend.unary(activation, y, y);
        }
    }

    static void batchNormActivationGradient(Backend backend, Unary activation, View x, View y, View gamma, View mean,
            View inverseDeviation, View dy, View dx, View dresidual, View dgamma, View dbeta) {
        try (Workspace work = new Workspace(backend)) {
            View inner = dresidual == null ? work.like(x) : dresidual;
            backend.unaryGradient(activation, y, dy, inner);
            backend.batchNormGradient(x, gamma, mean, inverseDeviation, inner, dx, dgamma, dbeta);
        }
    }
}
