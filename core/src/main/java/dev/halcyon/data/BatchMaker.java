package dev.halcyon.data;

import dev.halcyon.random.RandomStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Reads and transforms the images of one batch into memory that is used again and again. */
final class BatchMaker {
    private static final long ALIGNMENT = 64;

    private final Dataset dataset;
    private final List<Transform> transforms;
    private final DataLoader.Settings settings;
    private final Set<String> skipped;

    BatchMaker(Dataset dataset, List<Transform> transforms, DataLoader.Settings settings, Set<String> skipped) {
        this.dataset = dataset;
        this.transforms = transforms;
        this.settings = settings;
        this.skipped = skipped;
        boolean placed = false;
        for (Transform transform : transforms) {
            if (placed && transform instanceof Transform.OnImage) {
                throw new IllegalArgumentException("transforms: expected changes of pixels such as " + transform
                        + " before crops and flips");
            }
            placed |= transform instanceof Transform.OnPlacement;
        }
    }

    /** The memory of one batch, which grows to what the largest one needs. */
    static final class Slot implements AutoCloseable {
        private Arena arena = Arena.ofShared();
        private MemorySegment memory = MemorySegment.NULL;
        private HostBatch batch;

        HostBatch batch() {
            return batch;
        }

        private void reserve(long bytes) {
            if (memory.byteSize() < bytes) {
                arena.close();
                arena = Arena.ofShared();
                memory = arena.allocate(bytes, ALIGNMENT);
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** Fills a slot with the images order[first] to order[end - 1]. */
    void fill(Slot slot, int epoch, int[] order, int first, int end) {
        int[] placements = new int[3 * (end - first)];
        long[] labels = new long[end - first];
        Image model = null;
        String modelName = "";
        int count = 0;
        for (int i = first; i < end; i++) {
            int index = order[i];
            RandomStream random = RandomStream.of(settings.seed(), RandomStream.stream("augment", epoch, index));
            Image image = read(index, random);
            if (image == null) {
                continue;
            }
            if (model == null) {
                model = image;
                modelName = dataset.name(index);
                slot.reserve((long) image.pixels().length * (end - first));
            } else if (!image.hasSizeOf(model)) {
                throw new DataException("images of different sizes in one batch: " + modelName + " is " + model
                        + " and " + dataset.name(index) + " is " + image + "; give an image size to bring them to one");
            }
            MemorySegment.copy(image.pixels(), 0, slot.memory, ValueLayout.JAVA_BYTE,
                    (long) count * image.pixels().length, image.pixels().length);
            place(placements, 3 * count, random);
            labels[count++] = dataset.label(index);
        }
        slot.batch = model == null
                ? new HostBatch(0, 0, 0, 0, MemorySegment.NULL, new int[0], new long[0])
                : new HostBatch(count, model.height(), model.width(), model.channels(),
                        slot.memory.asSlice(0, (long) count * model.pixels().length),
                        Arrays.copyOf(placements, 3 * count), Arrays.copyOf(labels, count));
    }

    /** The image with its pixels transformed, or null if it cannot be read. */
    private Image read(int index, RandomStream random) {
        try {
            Image image = dataset.image(index);
            for (Transform transform : transforms) {
                if (transform instanceof Transform.OnImage change) {
                    image = change.apply(image, random);
                }
            }
            return image;
        } catch (DataException e) {
            if (settings.strict()) {
                throw e;
            }
            skipped.add(e.getMessage());
            return null;
        }
    }

    private void place(int[] placements, int at, RandomStream random) {
        Transform.Placement placement = Transform.Placement.WHOLE;
        for (Transform transform : transforms) {
            if (transform instanceof Transform.OnPlacement change) {
                placement = change.apply(placement, random);
            }
        }
        placements[at] = placement.top();
        placements[at + 1] = placement.left();
        placements[at + 2] = placement.mirrored() ? 1 : 0;
    }
}
