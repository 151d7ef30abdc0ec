package dev.halcyon.emulator.driver;

import java.util.HashSet;
import java.util.Set;

/** Memory that is allocated and freed in the order of streams. What is freed stays reserved up to a threshold. */
final class MemoryPool {
    private final Device device;
    private final long handle;
    private final Set<Device> letIn = new HashSet<>();
    private long threshold;
    private long used;
    private long usedHigh;
    private long kept;
    private long reservedHigh;

    MemoryPool(Device device, long handle) {
        this.device = device;
        this.handle = handle;
    }

    Device device() {
        return device;
    }

    long handle() {
        return handle;
    }

    /** The other devices that may use its memory. */
    Set<Device> letIn() {
        return letIn;
    }

    long threshold() {
        return threshold;
    }

    /** Sets how many bytes may stay reserved when the host waits for the device. */
    void setThreshold(long bytes) {
        threshold = bytes;
    }

    /** Bytes allocated. */
    long used() {
        return used;
    }

    long usedHigh() {
        return usedHigh;
    }

    /** Bytes freed but still reserved. */
    long kept() {
        return kept;
    }

    /** Bytes that other programs cannot have. */
    long reserved() {
        return used + kept;
    }

    long reservedHigh() {
        return reservedHigh;
    }

    void take(long bytes) {
        kept -= Math.min(kept, bytes);
        used += bytes;
        usedHigh = Math.max(usedHigh, used);
        reservedHigh = Math.max(reservedHigh, reserved());
    }

    void giveBack(long bytes) {
        used -= bytes;
        kept += bytes;
    }

    /** Gives reserved memory to the system until no more than some bytes are left, or all that is left is in use. */
    void trimTo(long bytes) {
        kept = Math.min(kept, Math.max(0, bytes - used));
    }

    /** What happens each time the host waits for the device. */
    void trimToThreshold() {
        // the largest threshold is that of an unsigned number
        trimTo(threshold < 0 ? Long.MAX_VALUE : threshold);
    }

    /** Lets the high marks begin anew. */
    void resetHighMarks() {
        usedHigh = used;
        reservedHigh = reserved();
    }
}
