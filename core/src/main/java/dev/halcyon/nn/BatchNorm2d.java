package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.Normalization;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.Locale;

/**
 * Batch normalisation of images [n, h, w, c] per channel, with the activation that follows it and, in residual blocks,
 * the shortcut that is added in between: in training all of it is one pass over memory.
 */
public final class BatchNorm2d extends Module {
    private final BatchNorm settings;
    private final Unary activation;
    private final Parameter weight;
    private final Parameter bias;
    private final Parameter runningMean;
    private final Parameter runningVariance;

    /** Normalisation alone, with PyTorch's defaults. */
    public BatchNorm2d(int channels) {
        this(channels, Unary.IDENTITY);
    }

    /** Normalisation followed by an activation. */
    public BatchNorm2d(int channels, Unary activation) {
        this(channels, activation, BatchNorm.DEFAULT);
    }

    /** Normalisation with an epsilon and momentum of its own. */
    public BatchNorm2d(int channels, Unary activation, BatchNorm settings) {
        Shape shape = Shape.of(channels);
        this.settings = settings;
        this.activation = activation;
        weight = parameter("weight", Parameter.Role.NORM, shape, Initializer.ONES);
        bias = parameter("bias", Parameter.Role.NORM, shape, Initializer.ZEROS);
        runningMean = parameter("running_mean", Parameter.Role.STATISTIC, shape, Initializer.ZEROS);
        runningVariance = parameter("running_var", Parameter.Role.STATISTIC, shape, Initializer.ONES);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return normalize(x, null);
    }

    /** activation(norm(x) + residual), for blocks with a shortcut. */
    Tensor forwardWithResidual(Tensor x, Tensor residual) {
        return normalize(x, residual);
    }

    private Tensor normalize(Tensor x, Tensor residual) {
        Normalization.BatchNormState state = new Normalization.BatchNormState(weight.tensor(), bias.tensor(),
                runningMean.tensor(), runningVariance.tensor());
        if (isTraining()) {
            return Normalization.batchNorm(settings, state, x, residual, activation);
        }
        Tensor y = Normalization.batchNormInference(settings, state, x);
        if (residual != null) {
            y = Elementwise.add(y, residual);
        }
        return activation == Unary.IDENTITY ? y : Elementwise.unary(activation, y);
    }

    @Override
    public String toString() {
        return "BatchNorm2d " + weight.shape().elements()
                + (activation == Unary.IDENTITY ? "" : " + " + activation.name().toLowerCase(Locale.ROOT));
    }
}
