package dev.halcyon.data;

import dev.halcyon.random.RandomStream;

/** Turns coloured images grey, by their luminance (ITU-R BT.601). */
public record Grey() implements Transform.OnImage {
    @Override
    public Image apply(Image image, RandomStream random) {
        if (image.channels() == 1) {
            return image;
        }
        byte[] pixels = new byte[image.height() * image.width()];
        for (int i = 0; i < pixels.length; i++) {
            int row = i / image.width();
            int column = i % image.width();
            pixels[i] = (byte) Math.round(0.299 * image.at(row, column, 0) + 0.587 * image.at(row, column, 1)
                    + 0.114 * image.at(row, column, 2));
        }
        return new Image(image.height(), image.width(), 1, pixels);
    }
}
