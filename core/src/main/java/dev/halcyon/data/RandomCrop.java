package dev.halcyon.data;

import dev.halcyon.random.RandomStream;

/**
 * Moves each image by up to {@code padding} pixels in both directions, black coming in at the edges.
 *
 * @param padding the most pixels, at least 0
 */
public record RandomCrop(int padding) implements Transform.OnPlacement {
    /** Checks the range. */
    public RandomCrop {
        if (padding < 0) {
            throw new IllegalArgumentException("random crop: expected a padding of at least 0, found " + padding);
        }
    }

    /** A crop of an image padded by so many pixels. */
    public static RandomCrop padding(int pixels) {
        return new RandomCrop(pixels);
    }

    @Override
    public Placement apply(Placement placement, RandomStream random) {
        int top = random.nextInt(2 * padding + 1) - padding;
        int left = random.nextInt(2 * padding + 1) - padding;
        return new Placement(placement.top() + top, placement.left() + left, placement.mirrored());
    }
}
