package dev.halcyon.io;

/** A file that is not what it should be. The message names the file, what was expected and what was found. */
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A wrong file. */
    public FormatException(String message) {
        super(message);
    }

    /** A file that could not be read at all. */
    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
