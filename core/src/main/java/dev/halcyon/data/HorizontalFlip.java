package dev.halcyon.data;

import dev.halcyon.random.RandomStream;

/**
 * Mirrors images left to right.
 *
 * @param probability how often, in [0, 1]
 */
public record HorizontalFlip(double probability) implements Transform.OnPlacement {
    /** Checks the range. */
    public HorizontalFlip {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("flip: expected a probability in [0, 1], found " + probability);
        }
    }

    /** Every other image, at random. */
    public static HorizontalFlip random() {
        return new HorizontalFlip(0.5);
    }

    @Override
    public Placement apply(Placement placement, RandomStream random) {
        boolean flip = random.nextBoolean(probability);
        return new Placement(placement.top(), placement.left(), placement.mirrored() ^ flip);
    }
}
