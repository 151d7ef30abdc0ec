package dev.halcyon.train;

/**
 * One training step.
 *
 * @param epoch its epoch, from 1
 * @param batch its number within the epoch, from 1
 * @param batches how many the epoch has
 * @param loss of its batch
 * @param lr learning rate
 * @param images in its batch
 */
public record StepResult(int epoch, int batch, int batches, double loss, double lr, int images) {
    /** The same step, with a loss that is known now. */
    StepResult withLoss(double known) {
        return new StepResult(epoch, batch, batches, known, lr, images);
    }
}
