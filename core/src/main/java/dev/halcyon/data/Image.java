package dev.halcyon.data;

/**
 * A picture in memory: unsigned bytes, row by row, the channels of a pixel side by side ([height, width, channels]).
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param channels 1 for grey, 3 for red, green and blue
 * @param pixels height × width × channels bytes, shared with the caller and not to be changed
 */
public record Image(int height, int width, int channels, byte[] pixels) {
    /** Checks the sizes. */
    public Image {
        if (height < 1 || width < 1 || channels != 1 && channels != 3) {
            throw new IllegalArgumentException("image: expected at least 1x1 pixels of 1 or 3 channels, found "
                    + width + "x" + height + " of " + channels);
        }
        if (pixels.length != (long) height * width * channels) {
            throw new IllegalArgumentException("image: expected " + (long) height * width * channels + " bytes for "
                    + width + "x" + height + "x" + channels + ", found " + pixels.length);
        }
    }

    /** One channel of one pixel, in [0, 255]. */
    public int at(int row, int column, int channel) {
        return Byte.toUnsignedInt(pixels[(row * width + column) * channels + channel]);
    }

    /** Whether another image has the same height, width and channels. */
    public boolean hasSizeOf(Image other) {
        return height == other.height && width == other.width && channels == other.channels;
    }

    /** Width, height and channels: {@code 32x32x3}. */
    @Override
    public String toString() {
        return width + "x" + height + "x" + channels;
    }
}
