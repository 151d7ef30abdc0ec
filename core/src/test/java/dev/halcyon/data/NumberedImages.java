package dev.halcyon.data;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Images of which every byte is the image's number, for tests; labels go round the classes.
 *
 * @param broken numbers of images that cannot be read
 */
record NumberedImages(int size, int height, int width, int channels, List<String> classes, Set<Integer> broken)
        implements Dataset {
    static NumberedImages of(int size) {
        return new NumberedImages(size, 2, 2, 1, List.of("a", "b", "c"), Set.of());
    }

    NumberedImages broken(Integer... numbers) {
        return new NumberedImages(size, height, width, channels, classes, Set.of(numbers));
    }

    @Override
    public int label(int index) {
        return index % classes.size();
    }

    @Override
    public Image image(int index) {
        if (broken.contains(index)) {
            throw new DataException(name(index) + ": cannot be read");
        }
        byte[] pixels = new byte[height * width * channels];
        Arrays.fill(pixels, (byte) index);
        return new Image(height, width, channels, pixels);
    }

    @Override
    public String name(int index) {
        return "numbered[" + index + "]";
    }
}
