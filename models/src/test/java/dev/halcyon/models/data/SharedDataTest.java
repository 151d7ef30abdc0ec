package dev.halcyon.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.data.Dataset;
import dev.halcyon.data.Image;
import dev.halcyon.data.Splits;
import dev.halcyon.data.Unreadable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The full collections, where they lie beside the checkout (system property {@code halcyon.shared}). They are skipped
 * without them, unless {@code halcyon.requireShared} is true.
 */
class SharedDataTest {
    private static Splits open(String name) {
        Path path = Path.of(System.getProperty("halcyon.shared", "../../shared")).resolve("data").resolve(name);
        if (!Boolean.getBoolean("halcyon.requireShared")) {
            assumeTrue(Files.exists(path), () -> "skipped: " + path + " is not there");
        }
        return DataSources.open(path.toString(), Unreadable.refused());
    }

    @Test
    void mnistIsWhole() {
        Splits mnist = open("mnist");
        assertEquals(60_000, mnist.train().size());
        assertEquals("7", mnist.classes().get(mnist.test().orElseThrow().label(0)));
        assertArrayEquals(new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009},
                mnist.test().orElseThrow().countPerClass());
    }

    @Test
    void theSampleIsTheBeginningOfEachClassOfFashionMnist() {
        Dataset full = open("fashion-mnist").train();
        Dataset sample = DataSources.open(DataSources.SAMPLE, Unreadable.refused()).train();
        assertEquals(full.classes(), sample.classes());
        int[] taken = new int[10];
        int next = 0;
        for (int i = 0; i < full.size(); i++) {
            if (taken[full.label(i)]++ < 1200) {
                assertEquals(full.label(i), sample.label(next));
                assertArrayEquals(full.image(i).pixels(), sample.image(next++).pixels());
            }
        }
        assertEquals(12_000, next);
    }

    @Test
    void cifarPhotosAreReadFromTheirArchive() {
        Splits photos = open("cifar10-jpeg.tar.gz");
        assertEquals(List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
                photos.classes());
        assertEquals(50_000, photos.train().size());
        Splits two = photos.onlyClasses(List.of("bird", "dog"));
        assertEquals(10_000, two.train().size());
        Dataset test = two.test().orElseThrow();
        assertEquals(2_000, test.size());
        long sum = 0;
        for (int i = 0; i < test.size(); i += 50) {
            Image image = test.image(i);
            assertEquals("32x32x3", image.toString());
            for (byte value : image.pixels()) {
                sum += Byte.toUnsignedInt(value);
            }
        }
        double mean = sum / (40 * 3072.0);
        assertTrue(mean > 90 && mean < 150, () -> "mean " + mean);
    }
}
