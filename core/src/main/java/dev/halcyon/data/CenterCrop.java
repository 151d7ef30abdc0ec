package dev.halcyon.data;

import dev.halcyon.random.RandomStream;

/**
 * The largest part of an image around its centre that has the wanted proportions, scaled to the wanted size; a share of
 * it can be cut off all around, as is usual in evaluation.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param share of that part's extents that is seen, in (0, 1]; 0.875 is usual
 */
public record CenterCrop(int height, int width, double share) implements Transform.OnImage {
    /** Checks the ranges. */
    public CenterCrop {
        if (height < 1 || width < 1 || !(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("centre crop: expected at least 1x1 and a share in (0, 1], found "
                    + width + "x" + height + " and " + share);
        }
    }

    @Override
    public Image apply(Image image, RandomStream random) {
        double scale = share * Math.min((double) image.height() / height, (double) image.width() / width);
        double rows = height * scale;
        double columns = width * scale;
        return Resize.scale(image, (image.height() - rows) / 2, (image.width() - columns) / 2, rows, columns, height,
                width);
    }
}
