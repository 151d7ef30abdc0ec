package dev.halcyon.emulator.memory;

/** An emulated device has no room for an allocation. */
public final class OutOfDeviceMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long requested;
    private final long free;

    OutOfDeviceMemory(long requested, long free, String reason) {
        super("an allocation of " + requested + " bytes with " + free + " bytes free: " + reason);
        this.requested = requested;
        this.free = free;
    }

    /** Bytes that were asked for. */
    public long requested() {
        return requested;
    }

    /** Bytes that were free. */
    public long free() {
        return free;
    }
}
