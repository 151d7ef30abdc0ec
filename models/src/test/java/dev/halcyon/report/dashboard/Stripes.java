package dev.halcyon.report.dashboard;

import dev.halcyon.data.Dataset;
import dev.halcyon.data.Image;
import dev.halcyon.random.RandomStream;
import java.util.List;

/** Noisy grey images of 12×12 pixels with stripes that lie or stand. */
record Stripes(int size) implements Dataset {
    static final int EXTENT = 12;

    @Override
    public List<String> classes() {
        return List.of("lying", "standing");
    }

    @Override
    public int label(int index) {
        return index % 2;
    }

    @Override
    public Image image(int index) {
        RandomStream random = RandomStream.of(3, index);
        byte[] pixels = new byte[EXTENT * EXTENT];
        for (int i = 0; i < pixels.length; i++) {
            int across = label(index) == 0 ? i / EXTENT : i % EXTENT;
            pixels[i] = (byte) (random.nextInt(120) + (across / 2 % 2 == 0 ? 100 : 0));
        }
        return new Image(EXTENT, EXTENT, 1, pixels);
    }

    @Override
    public String name(int index) {
        return "stripes[" + index + "]";
    }
}
