package dev.halcyon.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Makes encoded pictures for tests. */
final class Encoded {
    /** 8 columns, 6 rows, all of the color (200, 60, 30), in CMYK with Adobe's marker (values inverted). */
    static final byte[] CMYK_JPEG = base64(
            "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBg"
                    + "gLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgABgAIBEMRAE0RAFkRAEsRAP/EABQAAQAAAAAAAAAAAAAAAAAAAAn/xAAU"
                    + "EAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AEgHeHc/j//Z");
    /** 8 columns, 6 rows, about (201, 60, 32), lossy. */
    static final byte[] LOSSY_WEBP = base64(
            "UklGRjoAAABXRUJQVlA4IC4AAADQAQCdASoIAAYAAUAmJaACdLoB+AADsAD+7nZ//lKvBY3cz/9tD+tD+tD/pQAA");
    /** 8 columns, 6 rows, color (200 - 20 x, 40 + 10 y, 40 + 20 x), lossless. */
    static final byte[] LOSSLESS_WEBP = base64(
            "UklGRjYAAABXRUJQVlA4TCkAAAAvB0ABALmM6H/sChHR/wCRts3wlMy/xqMrEAgk+ZMNM8Qp9mMCCtt6AwA=");
    /** 8 columns, 6 rows, red, half transparent. */
    static final byte[] TRANSPARENT_WEBP = base64(
            "UklGRmYAAABXRUJQVlA4WAoAAAAQAAAABwAABQAAQUxQSA8AAAABB1DAiAgABOF/20RE/0MAVlA4IDAAAADQAQCdAS"
                    + "oIAAYAAUAmJaACdLoB+AADsAD+8ut//NgVzXPv9//S4P0uD9Lg/9KQAAA=");

    private Encoded() {
    }

    /** A picture in which red grows to the right and green downwards. */
    static BufferedImage ramp(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, 255 * x / width << 16 | 255 * y / height << 8 | 0x40);
            }
        }
        return picture;
    }

    static byte[] encode(BufferedImage picture, String format) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (!ImageIO.write(picture, format, out)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] jpeg(int width, int height) {
        return encode(ramp(width, height), "jpeg");
    }

    static byte[] png(int width, int height) {
        return encode(ramp(width, height), "png");
    }

    /** A JPEG file with an Exif segment that has nothing but an orientation, behind its first two bytes. */
    static byte[] withOrientation(byte[] jpeg, int orientation, boolean littleEndian) {
        byte[] little = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte) orientation, 0, 0, 0};
        byte[] big = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte) orientation, 0, 0};
        byte[] tiff = littleEndian ? little : big;
        byte[] head = {(byte) 0xff, (byte) 0xe1, 0, (byte) (8 + tiff.length), 'E', 'x', 'i', 'f', 0, 0};
        return join(Arrays.copyOf(jpeg, 2), head, tiff, Arrays.copyOfRange(jpeg, 2, jpeg.length));
    }

    /** A JPEG file whose header claims another size. */
    static byte[] claiming(byte[] jpeg, int width, int height) {
        byte[] changed = jpeg.clone();
        for (int i = 2; i < changed.length; i++) {
            if (changed[i] == (byte) 0xff && (changed[i + 1] == (byte) 0xc0 || changed[i + 1] == (byte) 0xc2)) {
                changed[i + 5] = (byte) (height >> 8);
                changed[i + 6] = (byte) height;
                changed[i + 7] = (byte) (width >> 8);
                changed[i + 8] = (byte) width;
                return changed;
            }
        }
        throw new IllegalArgumentException("no start of frame");
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }
}
