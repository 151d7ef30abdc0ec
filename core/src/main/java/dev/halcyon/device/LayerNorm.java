package dev.halcyon.device;

/**
 * Layer normalisation over the innermost axis (Ba et al. 2016):
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with the biased variance of each row.
 *
 * @param epsilon added to the variance
 */
public record LayerNorm(double epsilon) {
    /** Checks the range. */
    public LayerNorm {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("layer norm: expected epsilon > 0, found " + epsilon);
        }
    }
}
