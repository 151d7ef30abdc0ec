package dev.halcyon.device;

import java.util.Set;

/** How a kind of device is found: one implementation per backend, registered with {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** The name before the colon in {@code cuda:0}: {@code cpu}, {@code cuda}, {@code reference}. */
    String kind();

    /** Which kind {@code auto} prefers: the highest that has a device. Negative kinds are never chosen by themselves. */
    int priority();

    /** What is there on this machine. Never throws: what is missing is told in the result. */
    Probe probe();

    /**
     * Opens a device.
     *
     * @param index which one, less than {@code probe().devices().size()}
     * @param options with one of its {@link #precisions}
     */
    Backend open(int index, DeviceOptions options);

    /** How exactly that device can compute. */
    default Set<Precision> precisions(int index) {
        return Set.of(Precision.FP32);
    }

    /** The most bytes that device, which is open, should hold when the user set no limit. */
    long defaultMemoryLimit(int index);
}
