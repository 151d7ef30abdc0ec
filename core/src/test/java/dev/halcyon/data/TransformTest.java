package dev.halcyon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.random.RandomStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformTest {
    private static RandomStream random() {
        return RandomStream.of(1, 1);
    }

    private static Image row(int... values) {
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            pixels[i] = (byte) values[i];
        }
        return new Image(1, values.length, 1, pixels);
    }

    private static int[] values(Image image) {
        return IntStream.range(0, image.pixels().length).map(i -> Byte.toUnsignedInt(image.pixels()[i])).toArray();
    }

    /** Red is the column, green the row. */
    private static Image ramp(int height, int width) {
        byte[] pixels = new byte[height * width * 3];
        for (int i = 0; i < height * width; i++) {
            pixels[3 * i] = (byte) (i % width);
            pixels[3 * i + 1] = (byte) (i / width);
        }
        return new Image(height, width, 3, pixels);
    }

    @Test
    void imagesCheckTheirSizes() {
        assertThrows(IllegalArgumentException.class, () -> new Image(0, 1, 1, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> new Image(1, 1, 2, new byte[2]));
        assertThrows(IllegalArgumentException.class, () -> new Image(2, 2, 3, new byte[11]));
        assertEquals(200, row(200).at(0, 0, 0));
    }

    @Test
    void resizingToTheSameSizeChangesNothing() {
        Image image = ramp(5, 7);
        assertSame(image, new Resize(5, 7).apply(image, random()));
    }

    /** What Pillow's bilinear filter gives. */
    @Test
    void resizingAgreesWithKnownValues() {
        assertArrayEquals(new int[] {0, 25, 75, 100}, values(new Resize(1, 4).apply(row(0, 100), random())));
        Image four = row(0, 20, 80, 100);
        assertArrayEquals(new int[] {6, 50, 94}, values(new Resize(1, 3).apply(four, random())));
        assertArrayEquals(new int[] {20, 80}, values(new Resize(1, 2).apply(four, random())));
        assertArrayEquals(new int[] {50}, values(new Resize(1, 1).apply(four, random())));
    }

    /** Luminance of red, green, blue and white; a grey image stays the one it is. */
    @Test
    void colourBecomesGreyByLuminance() {
        byte[] pixels = {(byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, (byte) 255, (byte) 255, (byte) 255};
        assertArrayEquals(new int[] {76, 150, 29, 255},
                values(new Grey().apply(new Image(1, 4, 3, pixels), random())));
        Image grey = row(1, 2, 3);
        assertSame(grey, new Grey().apply(grey, random()));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 50", "50, 3", "16, 16", "7, 5", "100, 31"})
    void resizingKeepsAFlatImageFlat(int height, int width) {
        byte[] pixels = new byte[16 * 20 * 3];
        Arrays.fill(pixels, (byte) 201);
        Image flat = new Resize(height, width).apply(new Image(16, 20, 3, pixels), random());
        assertEquals(width + "x" + height + "x3", flat.toString());
        assertTrue(Arrays.stream(values(flat)).allMatch(value -> value == 201));
    }

    @Test
    void shrinkingAveragesAwayAFinePattern() {
        byte[] pixels = new byte[64 * 64];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) ((i + i / 64) % 2 == 0 ? 0 : 200);
        }
        Image small = new Resize(8, 8).apply(new Image(64, 64, 1, pixels), random());
        assertTrue(Arrays.stream(values(small)).allMatch(value -> Math.abs(value - 100) <= 5), small::toString);
    }

    @Test
    void centreCropTakesTheMiddleOfTheRightProportions() {
        Image crop = new CenterCrop(10, 10, 1).apply(ramp(10, 30), random());
        assertEquals("10x10x3", crop.toString());
        assertEquals(10, crop.at(0, 0, 0));
        assertEquals(19, crop.at(9, 9, 0));
        Image half = new CenterCrop(10, 10, 0.5).apply(ramp(20, 40), random());
        assertEquals(15, half.at(0, 0, 0));
        assertEquals(5, half.at(0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new CenterCrop(10, 10, 0));
    }

    @Test
    void randomResizedCropsStayInTheImageAndVary() {
        RandomStream random = random();
        Set<Integer> lefts = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Image crop = new RandomResizedCrop(8, 8, 0.08).apply(ramp(40, 60), random);
            assertEquals("8x8x3", crop.toString());
            int left = crop.at(0, 0, 0);
            int right = crop.at(0, 7, 0);
            assertTrue(left < right && right < 60, left + " " + right);
            lefts.add(left);
        }
        assertTrue(lefts.size() > 20, lefts::toString);
    }

    @Test
    void randomResizedCropOfEverythingFallsBackToTheCentre() {
        Image crop = new RandomResizedCrop(4, 4, 1).apply(ramp(4, 200), random());
        assertArrayEquals(new CenterCrop(4, 4, 1).apply(ramp(4, 200), random()).pixels(), crop.pixels());
    }

    @Test
    void randomCropsMoveByUpToThePadding() {
        RandomStream random = random();
        Set<Integer> tops = new HashSet<>();
        Set<Integer> lefts = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            var placement = RandomCrop.padding(2).apply(Transform.Placement.WHOLE, random);
            tops.add(placement.top());
            lefts.add(placement.left());
        }
        assertEquals(Set.of(-2, -1, 0, 1, 2), tops);
        assertEquals(Set.of(-2, -1, 0, 1, 2), lefts);
        assertThrows(IllegalArgumentException.class, () -> RandomCrop.padding(-1));
    }

    @Test
    void flipsMirrorAndMirrorBack() {
        var always = new HorizontalFlip(1);
        var once = always.apply(new Transform.Placement(1, -2, false), random());
        assertEquals(new Transform.Placement(1, -2, true), once);
        assertEquals(new Transform.Placement(1, -2, false), always.apply(once, random()));
        RandomStream random = random();
        long flipped = IntStream.range(0, 1000)
                .filter(i -> HorizontalFlip.random().apply(Transform.Placement.WHOLE, random).mirrored()).count();
        assertEquals(500, flipped, 60);
        assertThrows(IllegalArgumentException.class, () -> new HorizontalFlip(1.1));
    }
}
