package dev.halcyon.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** Pixels of pictures in any colour model, as red, green and blue bytes. */
final class ImagePixels {
    private static final int CHANNELS = 3;
    private static final int WHITE = 255;
    private static final int WIDE_SAMPLE = 16;

    private ImagePixels() {
    }

    static Image of(BufferedImage picture) {
        boolean grey = picture.getColorModel().getNumColorComponents() == 1
                && !(picture.getColorModel() instanceof IndexColorModel);
        return grey ? ofGrey(picture) : ofColour(picture);
    }

    private static Image ofColour(BufferedImage picture) {
        int height = picture.getHeight();
        int width = picture.getWidth();
        byte[] pixels = new byte[height * width * CHANNELS];
        int[] row = new int[width];
        int next = 0;
        for (int y = 0; y < height; y++) {
            picture.getRGB(0, y, width, 1, row, 0, width);
            for (int argb : row) {
                int alpha = argb >>> 24;
                pixels[next++] = overWhite(argb >> 16 & 0xff, alpha);
                pixels[next++] = overWhite(argb >> 8 & 0xff, alpha);
                pixels[next++] = overWhite(argb & 0xff, alpha);
            }
        }
        return new Image(height, width, CHANNELS, pixels);
    }

    /** By its samples: Java's conversion of grey to RGB goes through a linear colour space and brightens it. */
    private static Image ofGrey(BufferedImage picture) {
        Raster raster = picture.getRaster();
        int bits = picture.getColorModel().getComponentSize(0);
        boolean alpha = picture.getColorModel().hasAlpha() && raster.getNumBands() > 1;
        byte[] pixels = new byte[picture.getHeight() * picture.getWidth() * CHANNELS];
        int next = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int value = toByte(raster.getSample(x, y, 0), bits);
                byte level = overWhite(value, alpha ? toByte(raster.getSample(x, y, 1), bits) : WHITE);
                pixels[next++] = level;
                pixels[next++] = level;
                pixels[next++] = level;
            }
        }
        return new Image(picture.getHeight(), picture.getWidth(), CHANNELS, pixels);
    }

    private static int toByte(int sample, int bits) {
        return bits == WIDE_SAMPLE ? sample >> 8 : sample * WHITE / ((1 << bits) - 1);
    }

    private static byte overWhite(int value, int alpha) {
        return (byte) (alpha == WHITE ? value : (value * alpha + WHITE * (WHITE - alpha) + WHITE / 2) / WHITE);
    }

    /** Undoes an EXIF orientation, 1 to 8. */
    static Image upright(Image image, int orientation) {
        if (orientation <= 1 || orientation > 8) {
            return image;
        }
        boolean exchanged = orientation >= 5;
        int height = exchanged ? image.width() : image.height();
        int width = exchanged ? image.height() : image.width();
        byte[] pixels = new byte[image.pixels().length];
        int next = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int row = switch (orientation) {
                    case 2 -> y;
                    case 3, 4 -> height - 1 - y;
                    case 5, 8 -> x;
                    default -> width - 1 - x;
                };
                int column = switch (orientation) {
                    case 2, 3 -> width - 1 - x;
                    case 4 -> x;
                    case 5, 6 -> y;
                    default -> height - 1 - y;
                };
                for (int c = 0; c < image.channels(); c++) {
                    pixels[next++] = (byte) image.at(row, column, c);
                }
            }
        }
        return new Image(height, width, image.channels(), pixels);
    }
}
