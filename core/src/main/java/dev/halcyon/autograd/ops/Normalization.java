package dev.halcyon.autograd.ops;

import dev.halcyon.autograd.Gradients;
import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Binary;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Batch and layer normalisation. */
public final class Normalization {
    private Normalization() {
    }

    /**
     * What a batch norm carries beside its input: scale, shift and running statistics, all [c] and of the
     * {@linkplain DataType#parameterType type} that goes with the input's.
     *
     * @param gamma scale
     * @param beta shift
     * @param runningMean mean of past batches, moved by every training step
     * @param runningVariance unbiased variance of past batches, moved likewise
     */
    public record BatchNormState(Tensor gamma, Tensor beta, Tensor runningMean, Tensor runningVariance) {
    }

    /**
     * Batch norm of a training step, by the batch's own statistics, with what usually follows it:
     * y = activation(batchNorm(x) + residual).
     *
     * @param x [.., c]
     * @param residual x's shape, or null
     * @param activation one whose derivative is computed from its output, see {@link Unary#saved}
     */
    public static Tensor batchNorm(BatchNorm d, BatchNormState state, Tensor x, Tensor residual, Unary activation) {
        check(state, x, residual, activation);
        Operands.requireAlike("batchNorm", x, residual);
        check(state, x);
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), x.shape());
        Tensor mean = Tensor.empty(x.device(), state.gamma.type(), state.gamma.shape());
        Tensor inverseDeviation = Tensor.empty(x.device(), state.gamma.type(), state.gamma.shape());
        boolean plain = residual == null && activation == Unary.IDENTITY;
        if (plain) {
            backend.batchNorm(d, x.view(), state.gamma.view(), state.beta.view(), state.runningMean.view(),
                    state.runningVariance.view(), mean.view(), inverseDeviation.view(), y.view());
        } else {
            backend.batchNormActivation(d, activation, x.view(), residual == null ? null : residual.view(),
                    state.gamma.view(), state.beta.view(), state.runningMean.view(), state.runningVariance.view(),
                    mean.view(), inverseDeviation.view(), y.view());
        }
        List<Tensor> inputs = new ArrayList<>(List.of(x, state.gamma, state.beta));
        if (residual != null) {
            inputs.add(residual);
        }
        Saved saved = new Saved(state, x, y, residual, mean, inverseDeviation, activation);
        return Tape.record("batchNorm", y, inputs, List.of(mean, inverseDeviation), saved::backward);
    }

    private record Saved(BatchNormState state, Tensor x, Tensor y, Tensor residual, Tensor mean,
            Tensor inverseDeviation, Unary activation) {

        void backward(View dy, Gradients gradients) {
            gradients.addAnyway(state.gamma, dgamma -> gradients.addAnyway(state.beta, dbeta -> {
                if (residual == null || !gradients.wanted(residual)) {
                    gradients.writeOver(x, dx -> propagate(dy, dx, null, dgamma, dbeta));
                } else {
                    gradients.writeAnyway(x, dx -> gradients.writeOver(residual,
                            dresidual -> propagate(dy, dx, dresidual, dgamma, dbeta)));
                }
            }));
        }

        private void propagate(View dy, View dx, View dresidual, View dgamma, View dbeta) {
            Backend backend = x.device().backend();
            if (activation == Unary.IDENTITY && residual == null) {
                backend.batchNormGradient(x.view(), state.gamma.view(), mean.view(), inverseDeviation.view(), dy, dx,
                        dgamma, dbeta);
            } else {
                backend.batchNormActivationGradient(activation, x.view(), y.view(), state.gamma.view(), mean.view(),
                        inverseDeviation.view(), dy, dx, dresidual, dgamma, dbeta);
            }
        }
    }

    private static void check(BatchNormState state, Tensor x, Tensor residual, Unary activation) {
        checkChannels(state, x);
        if (x.shape().elements() == state.gamma.shape().elements()) {
            throw new ShapeException("batchNorm", "more than one value per channel in training, to have a variance",
                    x.shape());
        }
        checkResidual(x, residual);
        if (activation.saved() != Unary.Saved.OUTPUT) {
            throw new IllegalArgumentException("batchNorm: expected an activation whose derivative is computed from"
                    + " its output, found " + activation + "; apply it as an operation of its own");
        }
    }

    private static void checkChannels(BatchNormState state, Tensor x) {
        long channels = state.gamma.shape().elements();
        if (x.shape().rank() < 2 || x.shape().extent(-1) != channels) {
            throw new ShapeException("batchNorm", channels + " channels [.., " + channels + "]", x.shape());
        }
    }

    static void checkResidual(Tensor x, Tensor residual) {
        if (residual != null && !residual.shape().equals(x.shape())) {
            throw new ShapeException("batchNorm", "a residual of the input's shape " + x.shape(), residual.shape());
        }
    }

    static void checkInference(BatchNormState state, Tensor x) {
        checkChannels(state, x);
        check(state, x);
    }

    private static void check(BatchNormState state, Tensor x) {
        for (Tensor part : List.of(state.beta, state.runningMean, state.runningVariance)) {
            if (!part.shape().equals(state.gamma.shape())) {
                throw new ShapeException("batchNorm", "shift and statistics of the scale's shape "
                        + state.gamma.shape(), part.shape());
            }
            Operands.requireParameters("batchNorm", x, part);
        }
        Operands.requireParameters("batchNorm", x, state.gamma);
    }

    /** Batch norm by the running statistics, as in inference: an affine map per channel, differentiable too. */
    public static Tensor batchNormInference(BatchNorm d, BatchNormState state, Tensor x) {
        checkInference(state, x);
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), x.shape());
        backend.batchNormInference(d, x.view(), state.gamma.view(), state.beta.view(), state.runningMean.view(),
                state.runningVariance.view(), y.view());
        return Tape.record("batchNormInference", y, List.of(x, state.gamma, state.beta), List.of(),
                (dy, gradients) -> inferenceGradient(d, state, x, dy, gradients));
    }

    /**
     * Batch norm by the running statistics with what usually follows it: y = activation(batchNorm(x) + residual). Where
     * no tape is open it is one pass.
     *
     * @param x [.., c]
     * @param residual x's shape, or null
     */
    public static Tensor batchNormInference(BatchNorm d, BatchNormState state, Tensor x, Tensor residual,
            Unary activation) {
        if (Tape.current().isPresent()) {
            Tensor normal = batchNormInference(d, state, x);
            Tensor sum = residual == null ? normal : Elementwise.add(normal, residual);
            return activation == Unary.IDENTITY ? sum : Elementwise.unary(activation, sum);
        }
        checkInference(state, x);
        checkResidual(x, residual);
        Operands.requireAlike("batchNorm", x, residual);
        Tensor y = Tensor.empty(x.device(), x.type(), x.shape());
        x.device().backend().batchNormActivationInference(d, activation, x.view(),
                residual == null ? null : residual.view(), state.gamma.view(), state.beta.view(),
                state.runningMean.view(), state.runningVariance.view(), y.view());
        return y;
    }

    /** dx = dy gamma s, dgamma = Σ dy (x - mean) s, dbeta = Σ dy, with s = 1 / sqrt(variance + epsilon). */
    private static void inferenceGradient(BatchNorm d, BatchNormState state, Tensor x, View dy, Gradients gradients) {
        Backend backend = x.device().backend();
        MatrixProducts.sendBias(state.beta, dy, gradients);
        DataType wide = state.gamma.type();
        try (Tensor s = Tensor.full(x.device(), wide, state.gamma.shape(), d.epsilon());
                Tensor error = Tensor.empty(x.device(), wide, x.shape());
                Tensor term = Tensor.empty(x.device(), wide, x.shape())) {
            backend.cast(dy, error.view());
            backend.scaleAdd(1, state.runningVariance.view(), 1, s.view());
            backend.unary(Unary.SQRT, s.view(), s.view());
            backend.unary(Unary.RECIPROCAL, s.view(), s.view());
            if (gradients.wanted(state.gamma)) {
                backend.cast(x.view(), term.view());
                backend.binary(Binary.SUBTRACT, term.view(), state.runningMean.view(), term.view());
                backend.binary(Binary.MULTIPLY, term.view(), s.view(), term.view());
                backend.binary(Binary.MULTIPLY, term.view(), error.view(), term.view());
                MatrixProducts.sendBias(state.gamma, term.view(), gradients);
            }
            backend.binary(Binary.MULTIPLY, s.view(), state.gamma.view(), s.view());
            backend.binary(Binary.MULTIPLY, error.view(), s.view(), term.view());
            gradients.write(x, dx -> backend.cast(term.view(), dx));
        }
    }

    /**
     * Layer norm over the innermost axis.
     *
     * @param x [.., k]
     * @param gamma scale [k]
     * @param beta shift [k]
     */
    public static Tensor layerNorm(LayerNorm d, Tensor x, Tensor gamma, Tensor beta) {
        if (x.shape().extent(-1) != gamma.shape().elements()) {
            throw new ShapeException("layerNorm", gamma.shape().elements() + " features in the innermost axis",
                    x.shape());
        }
        if (!beta.shape().equals(gamma.shape())) {
            throw new ShapeException("layerNorm", "a shift of the scale's shape " + gamma.shape(), beta.shape());
        }
        Operands.requireParameters("layerNorm", x, gamma, beta);
        Backend backend = x.device().backend();
        Shape rows = Shape.of(x.shape().elements() / gamma.shape().elements());
        Tensor y = Tensor.empty(x.device(), x.type(), x.shape());
        Tensor mean = Tensor.empty(x.device(), gamma.type(), rows);
        Tensor inverseDeviation = Tensor.empty(x.device(), gamma.type(), rows);
        backend.layerNorm(d, x.view(), gamma.view(), beta.view(), mean.view(), inverseDeviation.view(), y.view());
        return Tape.record("layerNorm", y, List.of(x, gamma, beta), List.of(mean, inverseDeviation),
                (dy, gradients) -> gradients.addAnyway(gamma, dgamma -> gradients.addAnyway(beta,
                        dbeta -> gradients.writeAnyway(x, dx -> backend.layerNormGradient(x.view(), gamma.view(),
                                mean.view(), inverseDeviation.view(), dy, dx, dgamma, dbeta)))));
    }
}
