package dev.halcyon.train;

import java.util.List;
import java.util.Optional;

/**
 * How a run ended. The model has the weights of the epoch that is kept.
 *
 * @param epochs all that were completed
 * @param bestEpoch the one that is kept, 0 if none was completed
 * @param bestTop1 its accuracy on the validation images, NaN without them
 * @param test what the kept weights do on the test images, if there are any and the run was not stopped
 * @param seconds of training, in all processes that took part
 * @param images trained on, all in all
 * @param stopped whether it was stopped before its end
 */
public record TrainingResult(List<EpochResult> epochs, int bestEpoch, double bestTop1, Optional<Evaluation> test,
        double seconds, long images, boolean stopped) {
    /** Training images per second, validation time included. */
    public double imagesPerSecond() {
        return seconds == 0 ? 0 : images / seconds;
    }
}
