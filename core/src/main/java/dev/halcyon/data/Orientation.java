package dev.halcyon.data;

import java.io.EOFException;
import java.io.IOException;

/** How a camera was held, as the tag "orientation" of Exif tells (Exif 2.32, 4.6.4 A): 1 is upright. */
final class Orientation {
    static final int UPRIGHT = 1;

    private static final int ORIENTATION_TAG = 0x0112;
    private static final int LITTLE_ENDIAN = 0x4949;
    private static final int ENTRY_BYTES = 12;

    private Orientation() {
    }

    /** Reads the tag from Exif's TIFF structure at an offset; a damaged one counts as upright. */
    static int read(ByteWindow bytes, long tiff) throws IOException {
        try {
            boolean little = bytes.big16(tiff) == LITTLE_ENDIAN;
            long directory = tiff + (little ? bytes.little32(tiff + 4) : bytes.big32(tiff + 4));
            int entries = little ? bytes.little16(directory) : bytes.big16(directory);
            for (int i = 0; i < entries; i++) {
                long entry = directory + 2 + (long) ENTRY_BYTES * i;
                int tag = little ? bytes.little16(entry) : bytes.big16(entry);
                if (tag == ORIENTATION_TAG) {
                    int value = little ? bytes.little16(entry + 8) : bytes.big16(entry + 8);
                    return value >= 1 && value <= 8 ? value : UPRIGHT;
                }
            }
            return UPRIGHT;
        } catch (EOFException e) {
            return UPRIGHT;
        }
    }

    /** Turns and mirrors a picture so that it stands upright. */
    static Image upright(Image image, int orientation) {
        if (orientation == UPRIGHT) {
            return image;
        }
        boolean turned = orientation >= 5;
        int height = turned ? image.width() : image.height();
        int width = turned ? image.height() : image.width();
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        int channels = image.channels();
        byte[] pixels = new byte[image.pixels().length];
        int to = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int row = turned ? x : y;
                int column = turned ? y : x;
                int sourceRow = fromBottom ? image.height() - 1 - row : row;
                int sourceColumn = fromRight ? image.width() - 1 - column : column;
                int from = (sourceRow * image.width() + sourceColumn) * channels;
                for (int c = 0; c < channels; c++) {
                    pixels[to++] = image.pixels()[from + c];
                }
            }
        }
        return new Image(height, width, channels, pixels);
    }
}
