package dev.halcyon.models;

import dev.halcyon.data.CenterCrop;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Image;
import dev.halcyon.nn.Model;
import dev.halcyon.random.RandomStream;
import java.lang.foreign.MemorySegment;

/** One picture of any size as a model reads it: scaled, its middle cut out, grey if the model sees no colours. */
public final class PictureBatch {
    private static final int GREY = 1;

    private PictureBatch() {
    }

    /** A batch of one, without a label of its own. */
    public static HostBatch of(Model.Input input, Image image) {
        Image sized = new CenterCrop(input.height(), input.width(), 1).apply(image, RandomStream.of(0, 0));
        byte[] pixels = input.channels() == GREY ? grey(sized) : sized.pixels();
        return new HostBatch(1, input.height(), input.width(), input.channels(), MemorySegment.ofArray(pixels),
                new int[3], new long[1]);
    }

    /** Luminance of coloured pixels (ITU-R BT.601). */
    private static byte[] grey(Image image) {
        if (image.channels() == GREY) {
            return image.pixels();
        }
        byte[] pixels = new byte[image.height() * image.width()];
        for (int i = 0; i < pixels.length; i++) {
            int row = i / image.width();
            int column = i % image.width();
            pixels[i] = (byte) Math.round(0.299 * image.at(row, column, 0) + 0.587 * image.at(row, column, 1)
                    + 0.114 * image.at(row, column, 2));
        }
        return pixels;
    }
}
