package dev.halcyon.models.drawings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.data.Image;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class DrawingsTest {
    private static final long GOLDEN = 2_211_953_160L;

    private static long checksum(Drawings drawings) {
        CRC32 checksum = new CRC32();
        for (int i = 0; i < drawings.size(); i++) {
            checksum.update(drawings.image(i).pixels());
        }
        return checksum.getValue();
    }

    @Test
    void aDrawingIsAFunctionOfSeedPartAndNumber() {
        assertEquals(GOLDEN, checksum(new Drawings("train", 60, 0)), "drawings are no longer what they were");
        Drawings drawings = new Drawings("train", 60, 0);
        byte[] last = drawings.image(59).pixels();
        drawings.image(3);
        assertArrayEquals(last, new Drawings("train", 1_000, 0).image(59).pixels());
        assertFalse(Arrays.equals(last, new Drawings("train", 60, 1).image(59).pixels()));
        assertFalse(Arrays.equals(last, new Drawings("test", 60, 0).image(59).pixels()));
    }

    @Test
    void noTwoAreAlikeAndClassesTakeTurns() {
        Drawings drawings = new Drawings("train", 300, 4);
        assertArrayEquals(new int[] {100, 100, 100}, drawings.countPerClass());
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < drawings.size(); i++) {
            Image image = drawings.image(i);
            assertEquals("48x48x1", image.toString());
            seen.add(Arrays.hashCode(image.pixels()));
        }
        assertEquals(300, seen.size());
    }

    /** Ink is darker than paper by a half at least, and there is neither too little nor too much of it. */
    @Test
    void everyDrawingHasInkOnPaper() {
        Drawings drawings = new Drawings("train", 300, 5);
        for (int i = 0; i < drawings.size(); i++) {
            int[] light = new int[48 * 48];
            Image image = drawings.image(i);
            Arrays.setAll(light, pixel -> image.at(pixel / 48, pixel % 48, 0));
            int paper = Arrays.stream(light).sorted().toArray()[light.length / 2];
            long ink = Arrays.stream(light).filter(value -> value < 0.5 * paper).count();
            assertTrue(ink > 40 && ink < 700, "drawing " + i + " has " + ink + " dark pixels");
        }
    }
}
