package dev.halcyon.device;

/** Products followed by a bias and an activation, made of primitives. */
final class FusedLinear {
    private FusedLinear() {
    }

    static void gemmBiasActivation(Backend backend, Gemm d, Unary activation, View a, View b, View bias, View c) {
        backend.gemm(d, a, b, c);
        biasActivation(backend, activation, bias, c);
    }

    static void conv2dBiasActivation(Backend backend, Conv2d d, Unary activation, View x, View w, View bias, View y) {
        backend.conv2d(d, x, w, y);
        biasActivation(backend, activation, bias, y);
    }

    /** With s = gamma / sqrt(variance + epsilon): weights w s, bias beta - mean s. With a residual: one by one. */
    static void conv2dBatchNormInference(Backend backend, Conv2d d, BatchNorm norm, Unary activation, View x, View w,
            View residual, View gamma, View beta, View runningMean, View runningVariance, View y) {
        try (Workspace work = new Workspace(backend)) {
            if (residual != null) {
                View sums = work.like(y);
                backend.conv2d(d, x, w, sums);
                backend.batchNormActivationInference(norm, activation, sums, residual, gamma, beta, runningMean,
                        runningVariance, y);
                return;
            }
            View scale = work.like(gamma);
            View bias = work.like(beta);
            View weights = work.like(w);
            backend.fill(scale, norm.epsilon());
            backend.binary(Binary.ADD, scale, runningVariance, scale);
            backend.unary(Unary.SQRT, scale, scale);
            backend.binary(Binary.DIVIDE, gamma, scale, scale);
            backend.binary(Binary.MULTIPLY, runningMean, scale, bias);
            backend.binary(Binary.SUBTRACT, beta, bias, bias);
            backend.binary(Binary.MULTIPLY, w, scale, weights);
            backend.conv2dBiasActivation(d, activation, x, weights, bias, y);
        }
    }

    private static void biasActivation(Backend backend, Unary activation, View bias, View y) {
        backend.binary(Binary.ADD, y, bias, y);
        if (activation != Unary.IDENTITY) {
            backend.unary(activation, y, y);
        }
    }
}
