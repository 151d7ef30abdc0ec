package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Convolutions;
import dev.halcyon.autograd.ops.Normalization;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.Locale;

/**
 * Batch normalisation of images [n, h, w, c] per channel, with the activation that follows it and, in residual blocks,
 * the shortcut that is added in between: all of it is one pass over memory.
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

    /**
     * What inference does to each channel before the activation.
     *
     * @param scale what x is multiplied by [c]
     * @param shift what is added to that [c]
     */
    public record Affine(float[] scale, float[] shift) {
    }

    /** scale = weight / √(running variance + epsilon), shift = bias − running mean × scale. */
    public Affine affine() {
        float[] scale = weight.tensor().toFloats();
        float[] shift = bias.tensor().toFloats();
        float[] mean = runningMean.tensor().toFloats();
        float[] variance = runningVariance.tensor().toFloats();
        for (int c = 0; c < scale.length; c++) {
            scale[c] = (float) (scale[c] / Math.sqrt(variance[c] + settings.epsilon()));
            shift[c] -= mean[c] * scale[c];
        }
        return new Affine(scale, shift);
    }

    /** The activation that follows, {@link Unary#IDENTITY} if there is none. */
    public Unary activation() {
        return activation;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return normalize(x, null);
    }

    /**
     * activation(norm(convolution(x)) + residual): in inference one operation, unless a listener wants to see what lies
     * between.
     *
     * @param residual what a shortcut brings, null for none
     */
    Tensor forwardAfter(Convolution convolution, Tensor x, Tensor residual) {
        if (isTraining() || isObserved() || convolution.hasBias()) {
            Tensor y = convolution.forward(x);
            return residual == null ? forward(y) : normalize(y, residual);
        }
        return Convolutions.conv2dBatchNormInference(convolution.geometry(), x, convolution.weight().tensor(), settings,
                state(), residual, activation);
    }

    private Tensor normalize(Tensor x, Tensor residual) {
        return isTraining()
                ? Normalization.batchNorm(settings, state(), x, residual, activation)
                : Normalization.batchNormInference(settings, state(), x, residual, activation);
    }

    private Normalization.BatchNormState state() {
        return new Normalization.BatchNormState(weight.tensor(), bias.tensor(), runningMean.tensor(),
                runningVariance.tensor());
    }

    @Override
    public String toString() {
        return "BatchNorm2d " + weight.shape().elements()
                + (activation == Unary.IDENTITY ? "" : " + " + activation.name().toLowerCase(Locale.ROOT));
    }
}
