package dev.halcyon.data;

import dev.halcyon.random.RandomStream;

/**
 * A random part of an image, scaled to the wanted size (Szegedy et al. 2015): a share of its area, at random
 * proportions; after ten parts that do not fit, the centre.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param leastArea the smallest share of the area, in (0, 1]; 0.08 is usual for large collections
 */
public record RandomResizedCrop(int height, int width, double leastArea) implements Transform.OnImage {
    private static final int TRIES = 10;
    private static final double MOST_STRETCH = 4.0 / 3;

    /** Checks the ranges. */
    public RandomResizedCrop {
        if (height < 1 || width < 1 || !(leastArea > 0 && leastArea <= 1)) {
            throw new IllegalArgumentException("random resized crop: expected at least 1x1 and an area in (0, 1],"
                    + " found " + width + "x" + height + " and " + leastArea);
        }
    }

    @Override
    public Image apply(Image image, RandomStream random) {
        double area = (double) image.height() * image.width();
        for (int i = 0; i < TRIES; i++) {
            double wanted = area * (leastArea + (1 - leastArea) * random.nextFloat());
            double stretch = Math.exp(Math.log(MOST_STRETCH) * (2 * random.nextFloat() - 1));
            double columns = Math.sqrt(wanted * stretch);
            double rows = Math.sqrt(wanted / stretch);
            if (columns <= image.width() && rows <= image.height()) {
                double top = (image.height() - rows) * random.nextFloat();
                double left = (image.width() - columns) * random.nextFloat();
                return Resize.scale(image, top, left, rows, columns, height, width);
            }
        }
        return new CenterCrop(height, width, 1).apply(image, random);
    }
}
