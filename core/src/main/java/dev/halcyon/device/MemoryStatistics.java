package dev.halcyon.device;

/**
 * What a device's memory is used for at one moment.
 *
 * @param inUse bytes held by tensors, rounded up to the pool's size classes
 * @param peak the largest {@code inUse} so far
 * @param pooled bytes obtained from the device, free and ready to be used again
 */
public record MemoryStatistics(long inUse, long peak, long pooled) {
}
