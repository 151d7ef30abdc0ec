package dev.halcyon.device;

/**
 * A piece of a device's memory, made by {@link Backend#allocate} and meaningful to that backend alone. Its address is
 * aligned to at least 64 bytes.
 */
public interface Buffer {
    /** Capacity in bytes. */
    long bytes();
}
