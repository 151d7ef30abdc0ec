package dev.halcyon.cuda;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/** Element-wise operations. */
final class Elementwise {
    private final Launcher launcher;

    Elementwise(Launcher launcher) {
        this.launcher = launcher;
    }

    void fill(View destination, double value) {
        throw new UnsupportedOperationException("fill");
    }

    void unary(Unary op, View x, View y) {
        throw new UnsupportedOperationException("unary");
    }

    void unaryGradient(Unary op, View saved, View dy, View dx) {
        throw new UnsupportedOperationException("unaryGradient");
    }

    void binary(Binary op, View a, View b, View y) {
        throw new UnsupportedOperationException("binary");
    }

    void scaleAdd(double alpha, View x, double beta, View y) {
        throw new UnsupportedOperationException("scaleAdd");
    }

    void cast(View x, View y) {
        throw new UnsupportedOperationException("cast");
    }
}
