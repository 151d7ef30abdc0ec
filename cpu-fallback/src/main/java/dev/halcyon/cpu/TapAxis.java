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
     * What a pixel sees: taps at regular distances, in the order of their sources.
     *
     * @param count how many, which may be none
     * @param tap the first
     * @param tapStep from a tap to the next, not 0
     * @param source of the first tap
     * @param sourceStep from a tap's source to the next one's
     */
    record Seen(int count, int tap, int tapStep, int source, int sourceStep) {
        boolean hasTapsOf(Seen other) {
            return count == other.count && tap == other.tap;
        }
    }

    /**
     * Pixels {@link #divisor} apart that all see the same taps.
     *
     * @param first of the pixels
     * @param count how many
     * @param seen by the first of them
     */
    record Run(int first, int count, Seen seen) {
    }

    private int source(int pixel, int tap) {
        int at = pixel * multiple + tap * dilation + offset;
        return at >= 0 && at % divisor == 0 && at / divisor < sources ? at / divisor : -1;
    }

    private Seen seen(int pixel) {
        Seen seen = new Seen(0, 0, 1, 0, multiple);
        for (int i = 0; i < kernel; i++) {
            int tap = dilation > 0 ? i : kernel - 1 - i;
            int source = source(pixel, tap);
            if (source >= 0) {
                seen = switch (seen.count) {
                    case 0 -> new Seen(1, tap, 1, source, multiple);
                    case 1 -> new Seen(2, seen.tap, tap - seen.tap, seen.source, source - seen.source);
                    default -> new Seen(seen.count + 1, seen.tap, seen.tapStep, seen.source, seen.sourceStep);
                };
            }
        }
        return seen;
    }

    /** What every pixel sees. */
    Seen[] seen() {
        Seen[] all = new Seen[pixels];
        Arrays.setAll(all, this::seen);
        return all;
    }

    /** All pixels; those of one run have sources {@link #multiple} apart. */
    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        Seen[] all = seen();
        for (int phase = 0; phase < Math.min(divisor, pixels); phase++) {
            int first = phase;
            for (int next = phase + divisor; next < pixels + divisor; next += divisor) {
                if (next >= pixels || !all[next].hasTapsOf(all[first])) {
                    runs.add(new Run(first, (next - first) / divisor, all[first]));
                    first = next;
                }
            }
        }
        return runs;
    }
}
