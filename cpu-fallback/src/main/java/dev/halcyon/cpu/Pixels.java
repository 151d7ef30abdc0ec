package dev.halcyon.cpu;

import dev.halcyon.device.NormalizeImages;
import dev.halcyon.device.View;

/** Pixels to floats in one pass: what a value of a channel becomes is looked up in a table. */
final class Pixels {
    private static final int VALUES = 256;
    private static final double LARGEST = 255;

    private final Workers workers;
    private NormalizeImages latest;
    private float[] table = {};

    Pixels(Workers workers) {
        this.workers = workers;
    }

    void normalize(NormalizeImages d, View images, View placements, View y) {
        if (d != latest) {
            table = table(d);
            latest = d;
        }
        float[] values = table;
        long lines = y.shape().product(0, 2);
        workers.forEach(lines, 2.0 * y.extent(2) * y.extent(3),
                (line, _) -> line(values, images, placements, y, line));
    }

    private static float[] table(NormalizeImages d) {
        float[] mean = d.mean();
        float[] deviation = d.deviation();
        float[] values = new float[VALUES * mean.length];
        for (int i = 0; i < values.length; i++) {
            int c = i / VALUES;
            values[i] = (float) ((i % VALUES / LARGEST - mean[c]) / deviation[c]);
        }
        return values;
    }

    /** One row of a window: black up to the image, what the window has of it, black again. */
    private static void line(float[] table, View images, View placements, View y, long line) {
        int channels = (int) images.extent(3);
        int width = (int) y.extent(2);
        long image = line / y.extent(1);
        long place = Memory.address(placements) + 12 * image;
        long row = line % y.extent(1) + Memory.getInt(place);
        long left = Memory.getInt(place + 4);
        boolean mirrored = Memory.getInt(place + 8) == 1;
        boolean seen = row >= 0 && row < images.extent(1);
        int first = seen ? Math.clamp(-left, 0, width) : width;
        int end = seen ? Math.clamp(images.extent(2) - left, first, width) : width;
        long pixels = Memory.address(images) + ((image * images.extent(1) + row) * images.extent(2) + left) * channels;
        long to = Memory.address(y) + 4 * line * width * channels;
        for (int c = 0; c < channels; c++) {
            int start = c * VALUES;
            for (int j = 0; j < first; j++) {
                Memory.setFloat(at(to, j, width, mirrored, channels, c), table[start]);
            }
            for (int j = first; j < end; j++) {
                int value = Byte.toUnsignedInt(Memory.getByte(pixels + (long) j * channels + c));
                Memory.setFloat(at(to, j, width, mirrored, channels, c), table[start + value]);
            }
            for (int j = end; j < width; j++) {
                Memory.setFloat(at(to, j, width, mirrored, channels, c), table[start]);
            }
        }
    }

    private static long at(long line, int column, int width, boolean mirrored, int channels, int c) {
        return line + 4L * ((mirrored ? width - 1 - column : column) * channels + c);
    }
}
