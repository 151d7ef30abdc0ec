package dev.halcyon.cuda;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import java.util.List;

/**
 * Batch norm, alone or with a sum and an activation behind it: two launches in training and for the gradient, one in
 * inference. See norms.cu.
 */
final class Norms {
    private static final String FAMILY = "norms";

    private final Launcher launcher;

    Norms(Launcher launcher) {
        this.launcher = launcher;
    }

    /** Whether an activation is part of the kernels: those that only bound their argument are. */
    static boolean fuses(Unary activation) {
        return activation == Unary.IDENTITY || activation == Unary.RELU || activation == Unary.RELU6;
    }

    void batchNorm(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance, View mean,
            View inverseDeviation, View y) {
        batchNormActivation(d, Unary.IDENTITY, x, null, gamma, beta, runningMean, runningVariance, mean,
                inverseDeviation, y);
    }

    void batchNormInference(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance,
            View y) {
        batchNormActivationInference(d, Unary.IDENTITY, x, null, gamma, beta, runningMean, runningVariance, y);
    }

    void batchNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        batchNormActivationGradient(Unary.IDENTITY, x, null, gamma, mean, inverseDeviation, dy, dx, null, dgamma,
                dbeta);
    }

    /** For an activation that is {@linkplain #fuses fused}. */
    void batchNormActivation(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View mean, View inverseDeviation, View y) {
        List.of(gamma, beta, runningMean, runningVariance, mean, inverseDeviation).forEach(Views::float32);
        long channels = x.extent(-1);
        long rows = x.elements() / channels;
        Pack pack = Pack.of(channels, x, residual, gamma, beta, runningMean, runningVariance, mean, inverseDeviation,
                y);
        Division sums = Division.forSums(rows, channels, pack);
        Division pass = Division.forPass(rows, channels, pack);
        try (Temporary table = launcher.temporary(3 * Float.BYTES * channels);
                Temporary partials = launcher.temporary(sums.partialBytes())) {
            launch("statistics", pack, sums.summing(),
                    sums.appendTo(new Arguments().view(x).view(gamma).view(beta).view(runningMean)
                            .view(runningVariance).view(mean).view(inverseDeviation).address(partials.address())
                            .address(table.address()).float32(d.epsilon()).float32(d.momentum())));
            launch("normalize", pack, pass.passing(), pass.appendTo(
                    bounds(activation).view(x).view(residual).address(table.address()).view(y)));
        }
    }

    /** For an activation that is {@linkplain #fuses fused}. */
    void batchNormActivationInference(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View y) {
        List.of(gamma, beta, runningMean, runningVariance).forEach(Views::float32);
        long channels = x.extent(-1);
        Pack pack = Pack.of(channels, x, residual, gamma, beta, runningMean, runningVariance, y);
        Division pass = Division.forPass(x.elements() / channels, channels, pack);
        launch("normalize_inference", pack, pass.passing(),
                pass.appendTo(bounds(activation).view(x).view(residual).view(gamma).view(beta).view(runningMean)
                        .view(runningVariance).view(y).float32(d.epsilon())));
    }

    /**
     * For an activation that is {@linkplain #fuses fused}. The first pass writes the errors dy f'(y) to dresidual, and the
     * second reads them there; if there is none, it is told f'(y), which is 0 or 1, by a byte per pack.
     */
    void batchNormActivationGradient(Unary activation, View x, View y, View gamma, View mean, View inverseDeviation,
            View dy, View dx, View dresidual, View dgamma, View dbeta) {
        List.of(gamma, mean, inverseDeviation, dgamma, dbeta).forEach(Views::float32);
        long channels = x.extent(-1);
        long rows = x.elements() / channels;
        Pack pack = Pack.of(channels, x, y, gamma, mean, inverseDeviation, dy, dx, dresidual, dgamma, dbeta);
        Division sums = Division.forSums(rows, channels, pack);
        Division pass = Division.forPass(rows, channels, pack);
        boolean told = activation != Unary.IDENTITY && dresidual == null;
        try (Temporary table = launcher.temporary(4 * Float.BYTES * channels);
                Temporary partials = launcher.temporary(sums.partialBytes());
                Temporary slopes = launcher.temporary(told ? x.elements() / pack.elements() : 1)) {
            long passed = told ? slopes.address() : 0;
            launch("gradient_sums", pack, sums.summing(),
                    sums.appendTo(bounds(activation).view(x).view(y).view(dy).view(gamma).view(mean)
                            .view(inverseDeviation).view(dresidual).address(passed).view(dgamma).view(dbeta)
                            .address(partials.address()).address(table.address())));
            launch("input_gradient", pack, pass.passing(), pass.appendTo(new Arguments().view(x)
                    .view(dresidual == null ? dy : dresidual).address(passed).address(table.address()).view(dx)));
        }
    }

    private void launch(String name, Pack pack, Grid grid, Arguments arguments) {
        launcher.launch(launcher.kernel(FAMILY, name + pack.suffix()), grid, arguments);
    }

    /** An activation as the least and the greatest value that it lets pass: two float32. */
    private static Arguments bounds(Unary activation) {
        float low = activation == Unary.IDENTITY ? Float.NEGATIVE_INFINITY : 0;
        float high = activation == Unary.RELU6 ? 6 : Float.POSITIVE_INFINITY;
        return new Arguments()
                .struct(Integer.toUnsignedLong(Float.floatToIntBits(low)) | (long) Float.floatToIntBits(high) << 32);
    }
}
