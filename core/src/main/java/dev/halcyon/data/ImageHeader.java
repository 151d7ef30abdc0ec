package dev.halcyon.data;

import java.io.IOException;

/**
 * What the first bytes of an encoded picture say, read without decoding or allocating anything in proportion to it.
 *
 * @param format how it is encoded
 * @param width columns as stored, before the camera's orientation is undone
 * @param height rows as stored
 * @param orientation see {@link Orientation}
 * @param plain whether nothing about its colors is unusual: of JPEG, a JFIF file of grey or YCbCr without a profile
 */
record ImageHeader(Format format, long width, long height, int orientation, boolean plain) {
    /** Kinds of encoding, by the names that ImageIO gives them. */
    enum Format {
        JPEG, PNG, GIF, BMP, WEBP
    }

    private static final int START_OF_IMAGE = 0xd8;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int APPLICATION_0 = 0xe0;
    private static final int APPLICATION_1 = 0xe1;
    private static final int APPLICATION_2 = 0xe2;
    private static final int APPLICATION_14 = 0xee;
    private static final int PNG_SIGNATURE_BYTES = 8;
    private static final int RIFF_HEADER_BYTES = 12;

    /** Reads a header; null if the bytes are of no known format. */
    static ImageHeader read(ByteWindow bytes) throws IOException {
        if (bytes.u8(0) == 0xff && bytes.u8(1) == START_OF_IMAGE) {
            return jpeg(bytes);
        }
        if (bytes.has("\u0089PNG\r\n\u001a\n", 0)) {
            return new ImageHeader(Format.PNG, bytes.big32(16), bytes.big32(20), pngOrientation(bytes), true);
        }
        if (bytes.has("GIF8", 0)) {
            return new ImageHeader(Format.GIF, bytes.little16(6), bytes.little16(8), Orientation.UPRIGHT,
                    true);
        }
        if (bytes.has("RIFF", 0) && bytes.has("WEBP", 8)) {
            return webp(bytes);
        }
        return bytes.has("BM", 0) ? bmp(bytes) : null;
    }

    /**
     * Whether the file ends as a whole file of its format does. One that does not may still be whole: cameras put data
     * of their own behind the picture.
     */
    boolean endsProperly(ByteWindow bytes, long size) throws IOException {
        return switch (format) {
            case JPEG -> bytes.u8(size - 2) == 0xff && bytes.u8(size - 1) == END_OF_IMAGE;
            case PNG -> bytes.has("IEND", size - 8);
            case GIF -> bytes.u8(size - 1) == ';';
            case BMP -> bytes.little32(2) == size;
            case WEBP -> bytes.little32(4) + 8 == size;
        };
    }

    /** Walks over the segments of a JPEG file (ITU-T T.81, B.1) up to the one that has the size. */
    private static ImageHeader jpeg(ByteWindow bytes) throws IOException {
        int orientation = Orientation.UPRIGHT;
        boolean jfif = false;
        boolean unusual = false;
        long at = 2;
        while (true) {
            while (bytes.u8(at) == 0xff && bytes.u8(at + 1) == 0xff) {
                at++;
            }
            int marker = bytes.u8(at + 1);
            if (bytes.u8(at) != 0xff || marker == START_OF_SCAN || marker == END_OF_IMAGE) {
                throw new IOException("its JPEG header does not give the size");
            }
            if (isStartOfFrame(marker)) {
                int components = bytes.u8(at + 9);
                boolean plain = jfif && !unusual && (components == 1 || components == 3);
                return new ImageHeader(Format.JPEG, bytes.big16(at + 7), bytes.big16(at + 5), orientation, plain);
            }
            switch (marker) {
                case APPLICATION_0 -> jfif |= bytes.has("JFIF", at + 4);
                case APPLICATION_1 -> {
                    if (bytes.has("Exif\0\0", at + 4)) {
                        orientation = Orientation.read(bytes, at + 10);
                    }
                }
                case APPLICATION_2 -> unusual |= bytes.has("ICC_PROFILE", at + 4);
                case APPLICATION_14 -> unusual |= bytes.has("Adobe", at + 4);
                default -> {
                    // says nothing about size or colors
                }
            }
            at += 2 + bytes.big16(at + 2);
        }
    }

    private static boolean isStartOfFrame(int marker) {
        boolean table = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;
        return marker >= 0xc0 && marker <= 0xcf && !table;
    }

    /** The orientation from an eXIf chunk, which stands before the pixels or not at all. */
    private static int pngOrientation(ByteWindow bytes) throws IOException {
        long at = PNG_SIGNATURE_BYTES;
        while (!bytes.has("IDAT", at + 4) && !bytes.has("IEND", at + 4)) {
            if (bytes.has("eXIf", at + 4)) {
                return Orientation.read(bytes, at + 8);
            }
            at += 12 + bytes.big32(at);
        }
        return Orientation.UPRIGHT;
    }

    /** The three kinds of first chunk that WebP's container has. */
    private static ImageHeader webp(ByteWindow bytes) throws IOException {
        long content = RIFF_HEADER_BYTES + 8;
        if (bytes.has("VP8X", RIFF_HEADER_BYTES)) {
            return new ImageHeader(Format.WEBP, 1 + bytes.little24(content + 4), 1 + bytes.little24(content + 7),
                    webpOrientation(bytes), true);
        }
        if (bytes.has("VP8L", RIFF_HEADER_BYTES)) {
            long packed = bytes.little32(content + 1);
            return new ImageHeader(Format.WEBP, 1 + (packed & 0x3fff), 1 + (packed >>> 14 & 0x3fff),
                    Orientation.UPRIGHT, true);
        }
        return new ImageHeader(Format.WEBP, bytes.little16(content + 6) & 0x3fff, bytes.little16(content + 8) & 0x3fff,
                Orientation.UPRIGHT, true);
    }

    private static int webpOrientation(ByteWindow bytes) throws IOException {
        long end = 8 + bytes.little32(4);
        for (long at = RIFF_HEADER_BYTES; at < end; at += 8 + (bytes.little32(at + 4) + 1 & ~1L)) {
            if (bytes.has("EXIF", at)) {
                return Orientation.read(bytes, at + 8 + (bytes.has("Exif\0\0", at + 8) ? 6 : 0));
            }
        }
        return Orientation.UPRIGHT;
    }

    private static ImageHeader bmp(ByteWindow bytes) throws IOException {
        boolean old = bytes.little32(14) == 12;
        long width = old ? bytes.little16(18) : bytes.little32(18);
        long height = old ? bytes.little16(20) : Math.abs((int) bytes.little32(22));
        return new ImageHeader(Format.BMP, width, height, Orientation.UPRIGHT, true);
    }
}
