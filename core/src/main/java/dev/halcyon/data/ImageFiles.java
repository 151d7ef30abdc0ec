package dev.halcyon.data;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Image files as a dataset. Of photographs with twice {@value #DETAIL} rows and columns or more, only every second,
 * third, … is kept. Small pictures are kept once they are decoded, if all of them fit into memory.
 */
final class ImageFiles implements Dataset {
    private static final int DETAIL = 1024;
    private static final int SMALL_PIXELS = 96 * 96;
    private static final int SHARE_OF_HEAP = 4;

    private final List<ImageFile> files;
    private final int[] labels;
    private final List<String> classes;
    private final AtomicReferenceArray<Image> decoded;
    private final long roomPerImage;

    ImageFiles(List<ImageFile> files, int[] labels, List<String> classes) {
        this.files = files;
        this.labels = labels;
        this.classes = classes;
        this.decoded = new AtomicReferenceArray<>(files.size());
        this.roomPerImage = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / Math.max(1, files.size());
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public Image image(int index) {
        Image kept = decoded.get(index);
        if (kept != null) {
            return kept;
        }
        Image image = ImageDecoder.decode(files.get(index), DETAIL);
        if (image.height() * image.width() <= SMALL_PIXELS && image.pixels().length <= roomPerImage) {
            decoded.set(index, image);
        }
        return image;
    }

    @Override
    public String name(int index) {
        return files.get(index).name();
    }
}
