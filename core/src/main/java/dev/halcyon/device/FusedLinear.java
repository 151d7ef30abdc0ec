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

    private static void biasActivation(Backend backend, Unary activation, View bias, View y) {
        backend.binary(Binary.ADD, y, bias, y);
        if (activation != Unary.IDENTITY) {
            backend.unary(activation, y, y);
        }
    }
}
