package dev.halcyon.data;

import java.lang.foreign.MemorySegment;

/**
 * Some labelled images in host memory, ready for the device.
 *
 * @param size number of images n; fewer than the loader's batch size at an epoch's end or where images were unreadable
 * @param height rows of each
 * @param width columns of each
 * @param channels of each
 * @param images unsigned bytes [n, height, width, channels]
 * @param placements [n, 3]: top row and left column of the window that the network sees, and 1 if it is mirrored
 * @param labels [n]
 */
public record HostBatch(int size, int height, int width, int channels, MemorySegment images, int[] placements,
        long[] labels) {
}
