package dev.halcyon.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which pixels the taps of a kernel see along one axis: tap t of pixel p sees source (p · multiple + t · dilation +
 * offset) / divisor, if that is a whole number and lies in the image. Forward the pixels are outputs and the divisor is
 * 1; for the gradient of the input they are inputs, the sources outputs, and the divisor is the stride.
 *
 * @param pixels how many there are
 * @param sources how many there are
 * @param kernel taps
 */
record TapAxis(int pixels, int sources, int kernel, int multiple, int dilation, int offset, int divisor) {
    static TapAxis forward(long outputs, long inputs, long kernel, int stride, int dilation, int padding) {
        return new TapAxis((int) outputs, (int) inputs, (int) kernel, stride, dilation, -padding, 1);
    }

    static TapAxis backward(long inputs, long outputs, long kernel, int stride, int dilation, int padding) {
        return new TapAxis((int) inputs, (int) outputs, (int) kernel, 1, -dilation, padding, stride);
    }

    /**
     * Pixels {@link #divisor} apart that all see the same taps.
     *
     * @param first of the pixels
     * @param count how many
     * @param taps what they see
     */
    record Run(int first, int count, int[] taps) {
    }

    /** The pixel that a tap sees, negative if there is none. */
    int source(int pixel, int tap) {
        int at = pixel * multiple + tap * dilation + offset;
        return at >= 0 && at % divisor == 0 && at / divisor < sources ? at / divisor : -1;
    }

    /** The taps that see something, in the order of what they see. */
    int[] taps(int pixel) {
        int[] seeing = new int[kernel];
        int count = 0;
        for (int i = 0; i < kernel; i++) {
            int tap = dilation > 0 ? i : kernel - 1 - i;
            if (source(pixel, tap) >= 0) {
                seeing[count++] = tap;
            }
        }
        return Arrays.copyOf(seeing, count);
    }

    /** The taps of every pixel. */
    int[][] taps() {
        int[][] all = new int[pixels][];
        Arrays.setAll(all, this::taps);
        return all;
    }

    /** All pixels; those of one run have sources {@link #multiple} apart. */
    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        int[][] all = taps();
        for (int phase = 0; phase < Math.min(divisor, pixels); phase++) {
            int first = phase;
            for (int next = phase + divisor; next < pixels + divisor; next += divisor) {
                if (next >= pixels || !Arrays.equals(all[next], all[first])) {
                    runs.add(new Run(first, (next - first) / divisor, all[first]));
                    first = next;
                }
            }
        }
        return runs;
    }
}
