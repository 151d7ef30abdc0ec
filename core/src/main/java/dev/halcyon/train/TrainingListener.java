package dev.halcyon.train;

import dev.halcyon.data.HostBatch;
import dev.halcyon.tensor.Tensor;
import java.util.Set;

/** Is told how training goes. Called on the training thread. */
public interface TrainingListener {
    /** A run begins, or goes on from a checkpoint that has been loaded. */
    default void started(TrainingPlan plan) {
    }

    /**
     * The network answered a training batch. Both can be read during this call alone.
     *
     * @param logits [n, classes]
     */
    default void answered(HostBatch batch, Tensor logits) {
    }

    /** The gradients of a step are known, and the parameters have not moved yet. Gradients can be read now alone. */
    default void gradientsKnown() {
    }

    /** A step was taken. Told in order, but perhaps of several steps at once, see {@link #wantsEveryStep}. */
    default void step(StepResult result) {
    }

    /**
     * Whether {@link #step} has to be called before the next step begins. Asked at the start of a run; if nobody wants
     * that, a device with a queue of its own is kept busy with the next steps before the losses of some are read.
     */
    default boolean wantsEveryStep() {
        return false;
    }

    /** A pause is over, which lasted so many nanoseconds. */
    default void paused(long nanoseconds) {
    }

    /** The validation images were looked at after an epoch, counted from 1; {@link #epoch} follows. */
    default void validated(int epoch, Evaluation validation) {
    }

    /** An epoch is over. */
    default void epoch(EpochResult result) {
    }

    /** Images could not be read and were left out, so far; said at the end of an epoch if there are new ones. */
    default void skipped(Set<String> images) {
    }

    /** Something that the user should know, in one sentence. */
    default void notice(String message) {
    }
}
