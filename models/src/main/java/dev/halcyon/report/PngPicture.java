package dev.halcyon.report;

import dev.halcyon.data.HostBatch;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Base64;
import javax.imageio.ImageIO;

/** A picture as a network reads it, as a file that browsers show. */
public final class PngPicture {
    private PngPicture() {
    }

    /** One picture of a batch, grey or in colours, as PNG. */
    public static byte[] of(HostBatch batch, int index) {
        int channels = batch.channels();
        BufferedImage picture = new BufferedImage(batch.width(), batch.height(), BufferedImage.TYPE_INT_RGB);
        MemorySegment pixels = batch.images();
        long start = (long) index * batch.height() * batch.width() * channels;
        for (int i = 0; i < batch.height() * batch.width(); i++) {
            int colour = 0;
            for (int c = 0; c < 3; c++) {
                long offset = start + (long) i * channels + (channels == 1 ? 0 : c);
                colour = colour << 8 | Byte.toUnsignedInt(pixels.get(ValueLayout.JAVA_BYTE, offset));
            }
            picture.setRGB(i % batch.width(), i / batch.width(), colour);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The same as an address that has all of it. */
    public static String address(HostBatch batch, int index) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(of(batch, index));
    }
}
