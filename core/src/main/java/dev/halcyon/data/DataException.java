package dev.halcyon.data;

/** Data that cannot be used as it is. The message names the file, what was expected and what was found. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Data found wrong by looking at it. */
    public DataException(String message) {
        super(message);
    }

    /** Data found wrong by a reader's failure. */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
