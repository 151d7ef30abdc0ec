package dev.halcyon.train;

import dev.halcyon.data.Splits;
import dev.halcyon.data.Transform;
import dev.halcyon.nn.Model;
import java.util.List;

/**
 * What a run is about to do.
 *
 * @param model that is trained
 * @param data its images, with those for validation set apart
 * @param preparation what brings an image to the model's size
 * @param epochs passes over the training images, all in all
 * @param history epochs that are complete, in a run that goes on from a checkpoint
 */
public record TrainingPlan(Model model, Splits data, List<Transform> preparation, int epochs,
        List<EpochResult> history) {
}
