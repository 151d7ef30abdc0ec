package dev.halcyon.device;

import java.util.Arrays;

/**
 * Turns a batch of pixels into what a network reads: each image is cut to a window, mirrored on request, and every
 * channel becomes (pixel / 255 - mean) / deviation. A window may reach beyond the image; what it finds there is black.
 *
 * @param mean per channel, in [0, 1]
 * @param deviation per channel, positive
 */
public record NormalizeImages(float[] mean, float[] deviation) {
    /** Copies and checks the arrays. */
    public NormalizeImages {
        mean = mean.clone();
        deviation = deviation.clone();
        boolean positive = mean.length == deviation.length && mean.length > 0;
        for (float d : deviation) {
            positive &= d > 0;
        }
        if (!positive) {
            throw new IllegalArgumentException("normalise: expected one mean and one positive deviation per channel,"
                    + " found " + Arrays.toString(mean) + " and " + Arrays.toString(deviation));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NormalizeImages that && Arrays.equals(mean, that.mean)
                && Arrays.equals(deviation, that.deviation);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
    }

    @Override
    public String toString() {
        return "mean " + Arrays.toString(mean) + ", deviation " + Arrays.toString(deviation);
    }
}
