package dev.halcyon.data;

import dev.halcyon.random.RandomStream;

/**
 * Scales images to a size, by averaging over the area that each new pixel covers (bilinear when it grows): no
 * aliasing when it shrinks.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record Resize(int height, int width) implements Transform.OnImage {
    /** Checks the ranges. */
    public Resize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("resize: expected at least 1x1, found " + width + "x" + height);
        }
    }

    @Override
    public Image apply(Image image, RandomStream random) {
        return scale(image, 0, 0, image.height(), image.width(), height, width);
    }

    /** The given part of an image, scaled. */
    static Image scale(Image image, double top, double left, double rows, double columns, int height, int width) {
        if (top == 0 && left == 0 && rows == height && columns == width && image.height() == height
                && image.width() == width) {
            return image;
        }
        Weights down = Weights.of(top, rows, height, image.height());
        Weights across = Weights.of(left, columns, width, image.width());
        int channels = image.channels();
        float[] narrow = new float[image.height() * width * channels];
        for (int row = down.first[0]; row < down.last(); row++) {
            for (int column = 0; column < width; column++) {
                for (int c = 0; c < channels; c++) {
                    float sum = 0;
                    for (int i = 0; i < across.shares[column].length; i++) {
                        sum += across.shares[column][i] * image.at(row, across.first[column] + i, c);
                    }
                    narrow[(row * width + column) * channels + c] = sum;
                }
            }
        }
        byte[] pixels = new byte[height * width * channels];
        for (int row = 0; row < height; row++) {
            for (int i = 0; i < width * channels; i++) {
                float sum = 0;
                for (int j = 0; j < down.shares[row].length; j++) {
                    sum += down.shares[row][j] * narrow[(down.first[row] + j) * width * channels + i];
                }
                pixels[row * width * channels + i] = (byte) Math.clamp(Math.round(sum), 0, 255);
            }
        }
        return new Image(height, width, channels, pixels);
    }

    /** For each new pixel along one axis, the old pixels under its triangle and their shares. */
    private record Weights(int[] first, float[][] shares) {
        static Weights of(double start, double extent, int count, int available) {
            int[] first = new int[count];
            float[][] shares = new float[count][];
            double scale = extent / count;
            double radius = Math.max(1, scale);
            for (int i = 0; i < count; i++) {
                double centre = start + (i + 0.5) * scale;
                int from = Math.clamp((long) Math.floor(centre - radius + 0.5), 0, available - 1);
                int to = Math.clamp((long) Math.floor(centre + radius + 0.5), from + 1, available);
                shares[i] = new float[to - from];
                double total = 0;
                for (int j = from; j < to; j++) {
                    double share = Math.max(0, 1 - Math.abs(j + 0.5 - centre) / radius);
                    shares[i][j - from] = (float) share;
                    total += share;
                }
                for (int j = 0; j < shares[i].length; j++) {
                    shares[i][j] = total == 0 ? 1f / shares[i].length : (float) (shares[i][j] / total);
                }
                first[i] = from;
            }
            return new Weights(first, shares);
        }

        int last() {
            return first[first.length - 1] + shares[shares.length - 1].length;
        }
    }
}
