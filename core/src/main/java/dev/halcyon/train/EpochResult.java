package dev.halcyon.train;

/**
 * One epoch, as it is told and written down.
 *
 * @param epoch its number, from 1
 * @param trainLoss mean loss of its steps
 * @param valLoss mean loss on the validation images, NaN without them
 * @param valTop1 share of validation images classified right, NaN without them
 * @param lr learning rate of its last step
 * @param seconds it took, validation included
 */
public record EpochResult(int epoch, double trainLoss, double valLoss, double valTop1, double lr, double seconds) {
}
