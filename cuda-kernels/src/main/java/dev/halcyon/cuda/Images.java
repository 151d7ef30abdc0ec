package dev.halcyon.cuda;

import dev.halcyon.device.NormalizeImages;
import dev.halcyon.device.View;

/** From pixels to floats: one launch for up to 16 channels. */
final class Images {
    private static final int CHANNELS = 16;
    private static final int WARP = 32;
    private static final double LARGEST_PIXEL = 255;

    private final Launcher launcher;

    Images(Launcher launcher) {
        this.launcher = launcher;
    }

    void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        Kernel kernel = launcher.kernel("images", "normalize" + Views.suffix(y));
        Grid grid = Grid.of(y.shape().product(0, 2) * WARP, Views.THREADS);
        for (int first = 0; first < images.extent(3); first += CHANNELS) {
            launcher.launch(kernel, grid, new Arguments().view(images).view(placements).view(y)
                    .struct(words(d, images, y, first)));
        }
    }

    /** {@code struct Normalization} of images.cu, for the channels from {@code first} on. */
    private static long[] words(NormalizeImages d, View images, View y, int first) {
        float[] mean = d.mean();
        float[] deviation = d.deviation();
        int count = Math.min(CHANNELS, mean.length - first);
        long[] words = new long[7 + CHANNELS];
        words[0] = pair(Math.toIntExact(images.extent(1)), Math.toIntExact(images.extent(2)));
        words[1] = pair(mean.length, first);
        words[2] = pair(Math.toIntExact(y.extent(2)), Math.toIntExact(y.shape().product(0, 2)));
        System.arraycopy(Divisor.of(y.extent(1)).words(), 0, words, 3, 2);
        System.arraycopy(Divisor.of(count).words(), 0, words, 5, 2);
        int[] factors = new int[2 * CHANNELS];
        for (int c = 0; c < count; c++) {
            double unit = deviation[first + c];
            factors[c] = Float.floatToRawIntBits((float) (1 / (LARGEST_PIXEL * unit)));
            factors[CHANNELS + c] = Float.floatToRawIntBits((float) (-mean[first + c] / unit));
        }
        for (int i = 0; i < CHANNELS; i++) {
            words[7 + i] = pair(factors[2 * i], factors[2 * i + 1]);
        }
        return words;
    }

    private static long pair(int low, int high) {
        return Integer.toUnsignedLong(low) | (long) high << Integer.SIZE;
    }
}
