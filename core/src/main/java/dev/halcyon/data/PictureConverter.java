package dev.halcyon.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** Makes 8-bit red, green and blue of whatever pixels Java's image readers give. */
final class PictureConverter {
    private PictureConverter() {
    }

    /** An opaque picture; what is transparent lies over white. */
    static Image toRgb(BufferedImage picture) {
        byte[] pixels = new byte[Math.multiplyExact(3, Math.multiplyExact(picture.getHeight(), picture.getWidth()))];
        ColorModel colors = picture.getColorModel();
        boolean indexed = colors instanceof IndexColorModel;
        if (!indexed && colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            copyGrey(picture.getRaster(), colors, pixels);
        } else if (picture.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            copyBytes(picture.getRaster(), pixels);
        } else if (indexed || colors.getColorSpace().isCS_sRGB()) {
            copyColors(picture, pixels);
        } else {
            copyColors(new ColorConvertOp(null).filter(picture,
                    new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_ARGB)), pixels);
        }
        return new Image(picture.getHeight(), picture.getWidth(), 3, pixels);
    }

    /**
     * Grey values as they were stored. Java's own conversion would take them for a linear scale and brighten them.
     */
    private static void copyGrey(Raster raster, ColorModel colors, byte[] pixels) {
        int bands = raster.getNumBands();
        int most = (1 << colors.getComponentSize(0)) - 1;
        int[] row = new int[raster.getWidth() * bands];
        int to = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int i = 0; i < row.length; i += bands) {
                int grey = scaled(row[i], most);
                byte value = (byte) (colors.hasAlpha() ? overWhite(grey, scaled(row[i + 1], most)) : grey);
                pixels[to++] = value;
                pixels[to++] = value;
                pixels[to++] = value;
            }
        }
    }

    /** The usual result of a JPEG or PNG reader: one byte for each color. */
    private static void copyBytes(Raster raster, byte[] pixels) {
        byte[] row = new byte[3 * raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getDataElements(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            System.arraycopy(row, 0, pixels, y * row.length, row.length);
        }
    }

    private static void copyColors(BufferedImage picture, byte[] pixels) {
        int[] row = new int[picture.getWidth()];
        int to = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            picture.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int color : row) {
                int alpha = color >>> 24;
                pixels[to++] = (byte) overWhite(color >> 16 & 0xff, alpha);
                pixels[to++] = (byte) overWhite(color >> 8 & 0xff, alpha);
                pixels[to++] = (byte) overWhite(color & 0xff, alpha);
            }
        }
    }

    private static int scaled(int value, int most) {
        return most == 255 ? value : (int) ((value * 255L + most / 2) / most);
    }

    private static int overWhite(int value, int alpha) {
        return alpha == 255 ? value : (value * alpha + 255 * (255 - alpha) + 127) / 255;
    }
}
