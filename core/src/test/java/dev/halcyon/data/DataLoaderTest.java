package dev.halcyon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.random.RandomStream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DataLoaderTest {
    private static final List<Transform> AUGMENT = List.of(new Shade(), RandomCrop.padding(3), HorizontalFlip.random());

    /** Adds a random number to every pixel. */
    private record Shade() implements Transform.OnImage {
        @Override
        public Image apply(Image image, RandomStream random) {
            byte[] pixels = image.pixels().clone();
            int shade = random.nextInt(256);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] += (byte) shade;
            }
            return new Image(image.height(), image.width(), image.channels(), pixels);
        }
    }

    /** A copy of what a batch holds. */
    private record Content(List<Byte> pixels, List<Integer> placements, List<Long> labels) {
        static Content of(HostBatch batch) {
            List<Byte> pixels = new ArrayList<>();
            for (byte value : batch.images().toArray(ValueLayout.JAVA_BYTE)) {
                pixels.add(value);
            }
            List<Integer> placements = new ArrayList<>();
            for (int value : batch.placements()) {
                placements.add(value);
            }
            List<Long> labels = new ArrayList<>();
            for (long value : batch.labels()) {
                labels.add(value);
            }
            return new Content(pixels, placements, labels);
        }
    }

    private static DataLoader.Settings settings(int batchSize, boolean shuffle, int workers) {
        return new DataLoader.Settings(batchSize, shuffle, 42, workers, 3, false);
    }

    private static List<Content> contents(Dataset dataset, int workers, int epoch, int firstBatch) {
        List<Content> contents = new ArrayList<>();
        try (DataLoader loader = new DataLoader(dataset, AUGMENT, settings(4, true, workers));
                DataLoader.Epoch batches = loader.epoch(epoch, firstBatch)) {
            batches.forEachRemaining(batch -> contents.add(Content.of(batch)));
        }
        return contents;
    }

    @Test
    void batchesHoldEveryImageOnceWithItsLabel() {
        Set<Integer> seen = new HashSet<>();
        try (DataLoader loader = new DataLoader(NumberedImages.of(10), List.of(), settings(4, true, 2));
                DataLoader.Epoch batches = loader.epoch(0)) {
            assertEquals(3, loader.batches());
            while (batches.hasNext()) {
                HostBatch batch = batches.next();
                assertEquals(0, batch.images().address() % 64);
                assertEquals(batch.size() * 4L, batch.images().byteSize());
                assertEquals(2, batch.height());
                assertEquals(3 * batch.size(), batch.placements().length);
                for (int i = 0; i < batch.size(); i++) {
                    int number = batch.images().get(ValueLayout.JAVA_BYTE, 4L * i);
                    assertEquals(number % 3, batch.labels()[i]);
                    assertTrue(seen.add(number));
                }
            }
            assertThrows(NoSuchElementException.class, batches::next);
        }
        assertEquals(10, seen.size());
    }

    @Test
    void withoutShufflingTheOrderIsTheDatasets() {
        try (DataLoader loader = new DataLoader(NumberedImages.of(5), List.of(), settings(5, false, 1));
                DataLoader.Epoch batches = loader.epoch(3)) {
            HostBatch batch = batches.next();
            for (int i = 0; i < 5; i++) {
                assertEquals(i, batch.images().get(ValueLayout.JAVA_BYTE, 4L * i));
            }
            assertArrayEquals(new long[] {0, 1, 2, 0, 1}, batch.labels());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void contentDoesNotDependOnWorkers(int workers) {
        Dataset dataset = NumberedImages.of(43).broken(7, 8, 9, 30);
        assertEquals(contents(dataset, 0, 2, 0), contents(dataset, workers, 2, 0));
    }

    @Test
    void epochsDifferAndRepeat() {
        Dataset dataset = NumberedImages.of(43);
        assertEquals(contents(dataset, 1, 0, 0), contents(dataset, 1, 0, 0));
        assertNotEquals(contents(dataset, 1, 0, 0), contents(dataset, 1, 1, 0));
    }

    @Test
    void anEpochCanBeTakenUpInItsMiddle() {
        Dataset dataset = NumberedImages.of(43);
        List<Content> whole = contents(dataset, 2, 1, 0);
        assertEquals(whole.subList(5, whole.size()), contents(dataset, 2, 1, 5));
        assertEquals(List.of(), contents(dataset, 2, 1, whole.size()));
    }

    @Test
    void unreadableImagesAreLeftOutAndReported() {
        try (DataLoader loader = new DataLoader(NumberedImages.of(8).broken(0, 1, 2, 3, 6), List.of(),
                settings(4, false, 1)); DataLoader.Epoch batches = loader.epoch(0)) {
            assertEquals(0, batches.next().size());
            HostBatch second = batches.next();
            assertEquals(3, second.size());
            assertArrayEquals(new long[] {1, 2, 1}, second.labels());
            assertEquals(12, second.images().byteSize());
            assertEquals(5, loader.skipped().size());
            assertTrue(loader.skipped().contains("numbered[6]: cannot be read"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void strictLoadersPassTheErrorOnAndGoOn(int workers) {
        Dataset dataset = NumberedImages.of(40).broken(5);
        try (DataLoader loader = new DataLoader(dataset, List.of(), settings(4, false, workers).strict(true));
                DataLoader.Epoch batches = loader.epoch(0)) {
            batches.next();
            assertEquals("numbered[5]: cannot be read", assertThrows(DataException.class, batches::next).getMessage());
            Set<Integer> seen = new HashSet<>();
            batches.forEachRemaining(batch -> seen.add((int) batch.images().get(ValueLayout.JAVA_BYTE, 0)));
            assertEquals(Set.of(8, 12, 16, 20, 24, 28, 32, 36), seen);
        }
    }

    @Test
    void imagesOfDifferentSizesAreRefusedByName() {
        Transform odd = (Transform.OnImage) (image, random) -> image.at(0, 0, 0) == 2 ? new Image(1, 1, 1, new byte[1])
                : image;
        try (DataLoader loader = new DataLoader(NumberedImages.of(4), List.of(odd), settings(4, false, 1));
                DataLoader.Epoch batches = loader.epoch(0)) {
            String message = assertThrows(DataException.class, batches::next).getMessage();
            assertEquals("images of different sizes in one batch: numbered[0] is 2x2x1 and numbered[2] is 1x1x1; give"
                    + " an image size to bring them to one", message);
        }
    }

    @Test
    void transformsOfPixelsMustComeFirst() {
        assertThrows(IllegalArgumentException.class, () -> new DataLoader(NumberedImages.of(4),
                List.of(RandomCrop.padding(1), new Resize(2, 2)), settings(4, false, 0)));
        assertThrows(DataException.class, () -> new DataLoader(NumberedImages.of(0), List.of(), settings(4, false, 0)));
        assertThrows(IllegalArgumentException.class, () -> settings(0, false, 0));
    }

    @Test
    void noMoreBatchesAreMadeAheadThanAllowed() throws InterruptedException {
        AtomicInteger read = new AtomicInteger();
        Transform count = (Transform.OnImage) (image, random) -> {
            read.incrementAndGet();
            return image;
        };
        try (DataLoader loader = new DataLoader(NumberedImages.of(100), List.of(count), settings(1, false, 5));
                DataLoader.Epoch batches = loader.epoch(0)) {
            batches.next();
            Thread.sleep(50);
            assertTrue(read.get() <= 4, () -> read + " images were read, one was asked for, three may be ahead");
        }
    }

    @Test
    void memoryIsUsedAgain() {
        try (DataLoader loader = new DataLoader(NumberedImages.of(64), List.of(), settings(4, true, 2))) {
            Set<Long> addresses = new HashSet<>();
            for (int epoch = 0; epoch < 5; epoch++) {
                try (DataLoader.Epoch batches = loader.epoch(epoch)) {
                    batches.forEachRemaining(batch -> addresses.add(batch.images().address()));
                }
            }
            assertTrue(addresses.size() <= 4, addresses::toString);
        }
    }

    @Test
    void aBatchGoesWithItsLoader() {
        HostBatch batch;
        try (DataLoader loader = new DataLoader(NumberedImages.of(4), List.of(), settings(4, false, 1));
                DataLoader.Epoch batches = loader.epoch(0)) {
            batch = batches.next();
        }
        assertFalse(batch.images().scope().isAlive());
    }

    @Test
    void threadsEndWithTheLoader() {
        try (DataLoader loader = new DataLoader(NumberedImages.of(100), AUGMENT, settings(1, true, 3));
                DataLoader.Epoch batches = loader.epoch(0)) {
            batches.next();
            assertTrue(dataThreads() > 0);
        }
        assertEquals(0, dataThreads());
    }

    private static long dataThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("halcyon-data-")).count();
    }
}
