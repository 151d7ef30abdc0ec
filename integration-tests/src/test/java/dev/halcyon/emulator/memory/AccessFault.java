package dev.halcyon.emulator.memory;

/** An access to device memory that real hardware would refuse, or that would destroy something else. */
public final class AccessFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AccessFault(String message) {
        super(message);
    }
}
