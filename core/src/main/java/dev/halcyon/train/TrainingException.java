package dev.halcyon.train;

/** Training cannot go on. The message says at which step, why, and what to do. */
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Training stopped by what it found. */
    public TrainingException(String message) {
        super(message);
    }

    /** Training stopped by a failure. */
    public TrainingException(String message, Throwable cause) {
        super(message, cause);
    }
}
