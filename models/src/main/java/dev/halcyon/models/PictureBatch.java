package dev.halcyon.models;

import dev.halcyon.data.CenterCrop;
import dev.halcyon.data.Grey;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Image;
import dev.halcyon.nn.Model;
import dev.halcyon.random.RandomStream;
import java.lang.foreign.MemorySegment;

/** One picture of any size as a model reads it: scaled, its middle cut out, grey if the model sees no colours. */
public final class PictureBatch {
    private static final RandomStream NO_CHANCE = RandomStream.of(0, 0);

    private PictureBatch() {
    }

    /** A batch of one, without a label of its own. */
    public static HostBatch of(Model.Input input, Image image) {
        Image sized = new CenterCrop(input.height(), input.width(), 1).apply(image, NO_CHANCE);
        Image seen = input.channels() == 1 ? new Grey().apply(sized, NO_CHANCE) : sized;
        return new HostBatch(1, input.height(), input.width(), input.channels(), MemorySegment.ofArray(seen.pixels()),
                new int[3], new long[1]);
    }
}
