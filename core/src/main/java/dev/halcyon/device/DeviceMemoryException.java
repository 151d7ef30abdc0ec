package dev.halcyon.device;

/** A device has not enough memory for what was asked of it. */
public final class DeviceMemoryException extends DeviceException {
    private static final long serialVersionUID = 1L;

    private final long requested;
    private final String situation;

    /**
     * Makes the exception.
     *
     * @param requested bytes asked for
     * @param situation what is in use, pooled and allowed, for the message
     * @param cause what the backend reported, or null
     */
    public DeviceMemoryException(long requested, String situation, Throwable cause) {
        super("not enough device memory for " + mebibytes(requested) + ": " + situation, cause);
        this.requested = requested;
        this.situation = situation;
    }

    /** The bytes that were asked for. */
    public long requested() {
        return requested;
    }

    /** What is in use, pooled and allowed, as the message says it. */
    public String situation() {
        return situation;
    }

    static String mebibytes(long bytes) {
        return bytes < 1L << 20 ? bytes + " bytes" : (bytes >> 20) + " MiB";
    }
}
