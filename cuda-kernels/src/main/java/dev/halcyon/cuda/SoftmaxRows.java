package dev.halcyon.cuda;

import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;

/** Softmax and the loss that goes with it: one launch each. See softmax.cu. */
final class SoftmaxRows {
    private final Launcher launcher;

    SoftmaxRows(Launcher launcher) {
        this.launcher = launcher;
    }

    void softmax(View x, View y) {
        launch("softmax", x, new Arguments().view(x).view(y));
    }

    void softmaxGradient(View y, View dy, View dx) {
        launch("softmax_gradient", y, new Arguments().view(y).view(dy).view(dx));
    }

    /** Labels are not checked here: the loss of one that is out of range is NaN. */
    void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        boolean labels = targets.type() == DataType.INT64;
        launch("cross_entropy", logits, new Arguments().view(logits).view(labels ? targets : null)
                .view(labels ? null : targets).view(weights == null ? null : Views.float32(weights))
                .float32(d.labelSmoothing()).view(Views.float32(losses)).view(gradient));
    }

    private void launch(String name, View x, Arguments arguments) {
        RowTeam team = RowTeam.of(x);
        launcher.launch(launcher.kernel("softmax", name + team.suffix()), team.grid(), team.appendTo(arguments));
    }
}
