package dev.halcyon.cuda;

import dev.halcyon.device.NormalizeImages;
import dev.halcyon.device.View;

/** From pixels to floats: one launch, a warp for every row of a window. */
final class Images {
    private static final int CHANNELS = 16;
    private static final int WARP = 32;
    /** Bytes of a row that a warp has at hand, wherever they begin. */
    private static final int BYTES = 4 * (WARP - 1);
    /** What is written at a time ends where a sector of memory ends, if there is as much. */
    private static final int SECTOR_COLUMNS = 16;
    private static final double LARGEST_PIXEL = 255;

    private final Launcher launcher;

    Images(Launcher launcher) {
        this.launcher = launcher;
    }

    void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        if (images.extent(3) > CHANNELS) {
            throw new UnsupportedOperationException("normalise: the CUDA backend expects images of at most " + CHANNELS
                    + " channels, found " + images.extent(3));
        }
        launcher.launch(launcher.kernel("images", "normalize" + Views.suffix(y)),
                Grid.of(y.shape().product(0, 2) * WARP, Views.THREADS), new Arguments().view(images).view(placements)
                        .view(y).struct(words(d, images, y)));
    }

    /** {@code struct Normalization} of images.cu. */
    private static long[] words(NormalizeImages d, View images, View y) {
        float[] mean = d.mean();
        float[] deviation = d.deviation();
        int fit = BYTES / mean.length;
        int columns = fit < SECTOR_COLUMNS ? fit : fit / SECTOR_COLUMNS * SECTOR_COLUMNS;
        int[] factors = new int[2 * CHANNELS];
        for (int c = 0; c < mean.length; c++) {
            factors[c] = Float.floatToRawIntBits((float) (1 / (LARGEST_PIXEL * deviation[c])));
            factors[CHANNELS + c] = Float.floatToRawIntBits((float) (-(double) mean[c] / deviation[c]));
        }
        long[] words = new long[7 + CHANNELS];
        words[0] = pair(Math.toIntExact(images.extent(1)), Math.toIntExact(images.extent(2)));
        words[1] = pair(Math.toIntExact(y.extent(2)), columns);
        words[2] = y.shape().product(0, 2);
        System.arraycopy(Divisor.of(y.extent(1)).words(), 0, words, 3, 2);
        System.arraycopy(Divisor.of(mean.length).words(), 0, words, 5, 2);
        for (int i = 0; i < CHANNELS; i++) {
            words[7 + i] = pair(factors[2 * i], factors[2 * i + 1]);
        }
        return words;
    }

    private static long pair(int low, int high) {
        return Integer.toUnsignedLong(low) | (long) high << Integer.SIZE;
    }
}
