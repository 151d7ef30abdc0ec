package dev.halcyon.device;

/**
 * Softmax cross-entropy. With p = softmax(logits), target distribution q and class weights w (1 where none are given):
 * loss = -Σ_c w_c q_c ln p_c, and its gradient with respect to logit j is p_j Σ_c w_c q_c - w_j q_j, which is p - q
 * without weights. Smoothing turns a target t into q = (1 - s) t + s / classes (Szegedy et al. 2016).
 *
 * @param labelSmoothing s, in [0, 1)
 */
public record CrossEntropy(double labelSmoothing) {
    /** Checks the range. */
    public CrossEntropy {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException(
                    "cross-entropy: expected label smoothing in [0, 1), found " + labelSmoothing);
        }
    }
}
