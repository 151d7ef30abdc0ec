package dev.halcyon.device;

import java.util.Objects;

/**
 * How a device is to be opened.
 *
 * @param threads compute threads of a CPU device; 0 for one per core
 * @param memoryLimit the most bytes of device memory to hold; 0 for what the backend thinks safe
 * @param precision how exactly products and convolutions of float32 tensors are computed
 */
public record DeviceOptions(int threads, long memoryLimit, Precision precision) {
    /** One thread per core, the backend's own memory limit, full precision. */
    public static final DeviceOptions DEFAULT = new DeviceOptions(0, 0, Precision.FP32);

    /** Checks the ranges. */
    public DeviceOptions {
        Objects.requireNonNull(precision, "precision");
        if (threads < 0 || memoryLimit < 0) {
            throw new IllegalArgumentException("device options: expected threads and memory limit of at least 0, found "
                    + threads + " and " + memoryLimit);
        }
    }

    /** These options with another number of threads; 0 for one per core. */
    public DeviceOptions withThreads(int count) {
        return new DeviceOptions(count, memoryLimit, precision);
    }

    /** These options with another memory limit in bytes; 0 for the backend's own. */
    public DeviceOptions withMemoryLimit(long bytes) {
        return new DeviceOptions(threads, bytes, precision);
    }

    /** These options with another precision. */
    public DeviceOptions withPrecision(Precision other) {
        return new DeviceOptions(threads, memoryLimit, other);
    }
}
