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

    void batchNormActivation(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View mean, View inverseDeviation, View y) {
        List.of(gamma, beta, runningMean, runningVariance, mean, inverseDeviation).forEach(Views::float32);
        long channels = x.extent(-1);
        long rows = x.elements() / channels;
        Pack pack = pack(activation, x, residual, gamma, beta, runningMean, runningVariance, mean, inverseDeviation, y);
        Division sums = Division.forSums(rows, channels, pack);
        Division pass = Division.forPass(rows, channels, pack);
        try (Temporary table = launcher.temporary(3 * Float.BYTES * channels);
                Temporary partials = launcher.temporary(sums.partialBytes())) {
            launch("statistics", pack, sums.summing(),
                    sums.appendTo(new Arguments().view(x).view(gamma).view(beta).view(runningMean)
                            .view(runningVariance).view(mean).view(inverseDeviation).address(partials.address())
                            .address(table.address()).float32(d.epsilon()).float32(d.momentum())));
            launch("normalize" + kind(activation), pack, pass.passing(), pass.appendTo(
                    function(activation).view(x).view(residual).address(table.address()).view(y)));
        }
    }

    void batchNormActivationInference(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View y) {
        List.of(gamma, beta, runningMean, runningVariance).forEach(Views::float32);
        long channels = x.extent(-1);
        Pack pack = pack(activation, x, residual, gamma, beta, runningMean, runningVariance, y);
        Division pass = Division.forPass(x.elements() / channels, channels, pack);
        launch("normalize_inference" + kind(activation), pack, pass.passing(),
                pass.appendTo(function(activation).view(x).view(residual).view(gamma).view(beta).view(runningMean)
                        .view(runningVariance).view(y).float32(d.epsilon())));
    }

    /**
     * The second pass reads the errors dy f'(y) that the first one has written to dresidual. Without that it reads dy, and
     * where f'(y) is 0 or 1 a byte per pack with the bits of f'(y) instead of y.
     */
    void batchNormActivationGradient(Unary activation, View x, View y, View gamma, View mean, View inverseDeviation,
            View dy, View dx, View dresidual, View dgamma, View dbeta) {
        List.of(gamma, mean, inverseDeviation, dgamma, dbeta).forEach(Views::float32);
        long channels = x.extent(-1);
        long rows = x.elements() / channels;
        Pack pack = pack(activation, x, y, gamma, mean, inverseDeviation, dy, dx, dresidual, dgamma, dbeta);
        Division sums = Division.forSums(rows, channels, pack);
        Division pass = Division.forPass(rows, channels, pack);
        Unary left = dresidual == null ? activation : Unary.IDENTITY;
        boolean again = !isBounded(left);
        boolean bits = !again && left != Unary.IDENTITY;
        try (Temporary table = launcher.temporary(4 * Float.BYTES * channels);
                Temporary partials = launcher.temporary(sums.partialBytes());
                Temporary slopes = launcher.temporary(bits ? x.elements() / pack.elements() : 0)) {
            long passed = bits ? slopes.address() : 0;
            launch("gradient_sums" + kind(activation), pack, sums.summing(),
                    sums.appendTo(function(activation).view(x).view(y).view(dy).view(gamma).view(mean)
                            .view(inverseDeviation).view(dresidual).address(passed).view(dgamma).view(dbeta)
                            .address(partials.address()).address(table.address())));
            launch("input_gradient" + kind(left), pack, pass.passing(),
                    pass.appendTo(function(left).view(x).view(again ? y : null)
                            .view(dresidual == null ? dy : dresidual).address(passed).address(table.address())
                            .view(dx)));
        }
    }

    private void launch(String name, Pack pack, Grid grid, Arguments arguments) {
        launcher.launch(launcher.kernel(FAMILY, name + pack.suffix()), grid, arguments);
    }

    // ---- activations

    private static boolean isBounded(Unary activation) {
        return activation == Unary.IDENTITY || activation == Unary.RELU || activation == Unary.RELU6;
    }

    /** Single elements for functions that are more than bounds. */
    private static Pack pack(Unary activation, View x, View... beside) {
        return isBounded(activation) ? Pack.of(x.extent(-1), x, beside) : Pack.single(x);
    }

    private static String kind(Unary activation) {
        return isBounded(activation) ? "" : "_function";
    }

    /** {@code Bounds} or {@code Function} of norms.cu: two float32, or which function it is. */
    private static Arguments function(Unary activation) {
        if (!isBounded(activation)) {
            return new Arguments().struct(activation.ordinal());
        }
        float low = activation == Unary.IDENTITY ? Float.NEGATIVE_INFINITY : 0;
        float high = activation == Unary.RELU6 ? 6 : Float.POSITIVE_INFINITY;
        return new Arguments()
                .struct(Integer.toUnsignedLong(Float.floatToIntBits(low)) | (long) Float.floatToIntBits(high) << 32);
    }
}
