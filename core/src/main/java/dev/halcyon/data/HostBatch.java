package dev.halcyon.data;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    /** The images in {@code count} parts of sizes as equal as can be, in their order; fewer parts if some would be empty. */
    public List<HostBatch> split(int count) {
        List<HostBatch> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            int from = (int) ((long) size * part / count);
            int to = (int) ((long) size * (part + 1) / count);
            if (to > from) {
                parts.add(slice(from, to));
            }
        }
        return List.copyOf(parts);
    }

    private HostBatch slice(int from, int to) {
        long image = (long) height * width * channels;
        return new HostBatch(to - from, height, width, channels, images.asSlice(from * image, (to - from) * image),
                Arrays.copyOfRange(placements, 3 * from, 3 * to), Arrays.copyOfRange(labels, from, to));
    }
}
