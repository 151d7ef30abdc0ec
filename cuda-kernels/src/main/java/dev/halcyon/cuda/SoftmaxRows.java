package dev.halcyon.cuda;

import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.View;

/** Softmax and cross-entropy. */
final class SoftmaxRows {
    private final Launcher launcher;

    SoftmaxRows(Launcher launcher) {
        this.launcher = launcher;
    }

    void softmax(View x, View y) {
        throw new UnsupportedOperationException("softmax");
    }

    void softmaxGradient(View y, View dy, View dx) {
        throw new UnsupportedOperationException("softmaxGradient");
    }

    void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        throw new UnsupportedOperationException("crossEntropy");
    }
}
