package dev.halcyon.train;

import java.util.Set;

/** Is told how training goes. Called on the training thread. */
public interface TrainingListener {
    /** A step was taken. */
    default void step(StepResult result) {
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
