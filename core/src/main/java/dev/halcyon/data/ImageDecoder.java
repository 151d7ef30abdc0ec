package dev.halcyon.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes pixels of encoded pictures: JPEG (also grey, CMYK and YCCK), PNG (also palettes, 16 bits and transparency), GIF
 * (its first frame), BMP and WebP.
 *
 * <p>All become upright pictures of red, green and blue: the camera's orientation is undone, transparent pixels are
 * laid over white. The header is read first, and a picture of more than {@value #MOST_PIXELS} pixels is refused before
 * any memory is taken for it. A file that ends too early is an error, not a picture with a grey lower half.
 */
public final class ImageDecoder {
    /** The largest picture that is decoded, in pixels. */
    public static final long MOST_PIXELS = 100_000_000;

    private static final long MOST_BYTES = 1L << 29;

    private ImageDecoder() {
    }

    /**
     * Decodes a file.
     *
     * @throws DataException if it is not a whole picture of a known format; the message names the file
     */
    public static Image decode(Path file) {
        return decode(ImageFile.of(file), Integer.MAX_VALUE);
    }

    /**
     * Decodes a picture, of which a smaller version is good enough: if both sides are at least twice {@code side}, only
     * every second, third, … pixel is kept, such that both sides still have {@code side} pixels. This makes large
     * photographs quick to read.
     *
     * @param side the number of pixels that suffices; {@link Integer#MAX_VALUE} for all there are
     * @throws DataException if it is not a whole picture of a known format; the message names the file
     */
    public static Image decode(ImageFile file, int side) {
        try {
            ImageHeader header = header(file, new ByteWindow(file));
            BufferedImage picture = read(file, header, side);
            return Orientation.upright(PictureConverter.toRgb(picture), header.orientation());
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    /** The pixels of a picture that the caller has decoded. */
    public static Image of(BufferedImage picture) {
        return PictureConverter.toRgb(picture);
    }

    /**
     * Looks at a file's beginning and end, and decodes it only if they leave a doubt.
     *
     * @throws DataException if {@link #decode} would fail, as far as that shows
     */
    static void check(ImageFile file) {
        try {
            ByteWindow bytes = new ByteWindow(file);
            ImageHeader header = header(file, bytes);
            if (!header.endsProperly(bytes, file.size())) {
                read(file, header, Integer.MAX_VALUE);
            }
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    private static ImageHeader header(ImageFile file, ByteWindow bytes) throws IOException {
        long size = file.size();
        if (size == 0) {
            throw new DataException(file.name() + ": expected a picture, found an empty file");
        }
        if (size > MOST_BYTES) {
            throw new DataException(file.name() + ": expected a picture of at most " + MOST_BYTES + " bytes, found "
                    + size);
        }
        ImageHeader header = ImageHeader.read(bytes);
        if (header == null) {
            throw new DataException(
                    file.name() + ": expected a JPEG, PNG, WebP, GIF or BMP picture, found something else");
        }
        if (header.width() < 1 || header.height() < 1 || header.width() > MOST_PIXELS / header.height()) {
            throw new DataException(file.name() + ": expected a picture of at most " + MOST_PIXELS
                    + " pixels, found a header that claims " + header.width() + "x" + header.height());
        }
        return header;
    }

    private static BufferedImage read(ImageFile file, ImageHeader header, int side) throws IOException {
        int step = (int) Math.max(1, Math.min(header.width(), header.height()) / side);
        return PictureReader.read(file.read(0, (int) file.size()), header, step);
    }

    private static DataException unreadable(ImageFile file, Exception cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new DataException(file.name() + ": the picture is damaged: " + reason, cause);
    }
}
