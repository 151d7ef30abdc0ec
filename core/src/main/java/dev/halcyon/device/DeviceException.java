package dev.halcyon.device;

/** A device could not do what was asked of it. The message says what, and what to do. */
public class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message for the user
     * @param cause what the backend reported, or null
     */
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
