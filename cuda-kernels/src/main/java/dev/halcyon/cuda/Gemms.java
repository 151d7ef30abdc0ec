package dev.halcyon.cuda;

import dev.halcyon.device.Gemm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/** Matrix products. */
final class Gemms {
    private final Launcher launcher;
    private final Cublas cublas;

    Gemms(Launcher launcher, Cublas cublas) {
        this.launcher = launcher;
        this.cublas = cublas;
    }

    void gemm(Gemm d, View a, View b, View c) {
        throw new UnsupportedOperationException("gemm");
    }

    void batchedGemm(Gemm d, View a, View b, View c) {
        throw new UnsupportedOperationException("batchedGemm");
    }

    void gemmBiasActivation(Gemm d, Unary activation, View a, View b, View bias, View c) {
        throw new UnsupportedOperationException("gemmBiasActivation");
    }
}
