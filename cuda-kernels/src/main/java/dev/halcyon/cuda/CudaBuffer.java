package dev.halcyon.cuda;

import dev.halcyon.device.Buffer;

/**
 * Memory of a device.
 *
 * @param address where it starts, in the device's address space
 * @param bytes how much it is
 */
record CudaBuffer(long address, long bytes) implements Buffer {
}
