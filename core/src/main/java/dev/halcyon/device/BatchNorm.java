package dev.halcyon.device;

/**
 * Batch normalisation over every axis but the innermost (Ioffe and Szegedy 2015):
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with the biased variance.
 *
 * @param epsilon added to the variance
 * @param momentum share of the new batch in the running statistics: running = (1 - momentum) running + momentum batch,
 *        where the batch's variance is the unbiased one (PyTorch's rule)
 */
public record BatchNorm(double epsilon, double momentum) {
    /** PyTorch's defaults: epsilon 1e-5, momentum 0.1. */
    public static final BatchNorm DEFAULT = new BatchNorm(1e-5, 0.1);

    /** Checks the ranges. */
    public BatchNorm {
        if (!(epsilon > 0) || !(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException(
                    "batch norm: expected epsilon > 0 and momentum in [0, 1], found " + epsilon + " and " + momentum);
        }
    }
}
