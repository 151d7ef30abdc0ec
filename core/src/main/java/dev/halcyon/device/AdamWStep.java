package dev.halcyon.device;

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2), for each parameter w with gradient g:
 *
 * <pre>
 * w -= rate weightDecay w
 * m = beta1 m + (1 - beta1) g
 * v = beta2 v + (1 - beta2) g²
 * w -= rate (m / (1 - beta1^step)) / (sqrt(v / (1 - beta2^step)) + epsilon)
 * g = 0
 * </pre>
 *
 * @param rate learning rate
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the denominator
 * @param weightDecay decoupled decay
 * @param step number of this step, from 1
 */
public record AdamWStep(double rate, double beta1, double beta2, double epsilon, double weightDecay, long step) {
}
