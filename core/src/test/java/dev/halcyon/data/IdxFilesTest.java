package dev.halcyon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {
    private static final String IMAGES = "-images-idx3-ubyte";
    private static final String LABELS = "-labels-idx1-ubyte";

    @TempDir
    private Path folder;

    /** Images of 3 rows and 2 columns; byte j of image i is 10 i + j. */
    private static byte[] images(int magic, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(16 + 6 * count).putInt(magic).putInt(count).putInt(3).putInt(2);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < 6; j++) {
                bytes.put((byte) (10 * i + j));
            }
        }
        return bytes.array();
    }

    private static byte[] labels(int... labels) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
        for (int label : labels) {
            bytes.put((byte) label);
        }
        return bytes.array();
    }

    private static Dataset read(byte[] images, byte[] labels) {
        return IdxFiles.read("digits", new ByteArrayInputStream(images), new ByteArrayInputStream(labels), List.of());
    }

    private static String refusal(byte[] images, byte[] labels) {
        return assertThrows(DataException.class, () -> read(images, labels)).getMessage();
    }

    private void write(String name, byte[] content) throws IOException {
        Files.write(folder.resolve(name), content);
    }

    private void writePacked(String name, byte[] content) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            out.write(content);
        }
    }

    @Test
    void readsImagesLabelsAndNames() {
        Dataset digits = read(images(0x803, 3), labels(2, 0, 1));
        assertEquals(3, digits.size());
        assertEquals(List.of("0", "1", "2"), digits.classes());
        assertEquals(2, digits.label(0));
        assertEquals("2x3x1", digits.image(0).toString());
        assertArrayEquals(new byte[] {20, 21, 22, 23, 24, 25}, digits.image(2).pixels());
        assertEquals("digits[2]", digits.name(2));
    }

    @Test
    void opensAFolderPackedOrNot() throws IOException {
        write("train" + IMAGES, images(0x803, 3));
        writePacked("train" + LABELS + ".gz", labels(0, 1, 1));
        assertTrue(IdxFiles.isIn(folder));
        assertTrue(IdxFiles.open(folder).test().isEmpty());
        writePacked("t10k" + IMAGES + ".gz", images(0x803, 1));
        write("t10k" + LABELS, labels(1));
        Splits splits = IdxFiles.open(folder);
        assertEquals(3, splits.train().size());
        assertEquals(1, splits.test().orElseThrow().size());
        assertTrue(splits.validation().isEmpty());
    }

    @Test
    void namesClassesByFileOrFolder() throws IOException {
        Path fashion = Files.createDirectory(folder.resolve("my-Fashion-set"));
        Files.write(fashion.resolve("train" + IMAGES), images(0x803, 2));
        Files.write(fashion.resolve("train" + LABELS), labels(0, 9));
        assertEquals("Ankle boot", IdxFiles.open(fashion).classes().get(9));
        Files.writeString(fashion.resolve("classes.txt"), "a\nb\n\nc\nd\ne\nf\ng\nh\ni\nj\n");
        assertEquals(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), IdxFiles.open(fashion).classes());
        Files.writeString(fashion.resolve("classes.txt"), "a\nb\n");
        String message = assertThrows(DataException.class, () -> IdxFiles.open(fashion)).getMessage();
        assertTrue(message.contains("expected labels below 2") && message.endsWith("found 9"), message);
    }

    @Test
    void refusesAWrongMagic() {
        assertEquals("digits: expected an IDX file that starts with 0x00000803, found 0x00000801",
                refusal(images(0x801, 2), labels(0, 1)));
        byte[] labels = labels(0, 1);
        labels[3] = 3;
        assertEquals("the labels of digits: expected an IDX file that starts with 0x00000801, found 0x00000803",
                refusal(images(0x803, 2), labels));
    }

    @Test
    void refusesAWrongLength() {
        byte[] images = images(0x803, 3);
        byte[] labels = labels(0, 1, 0);
        assertTrue(refusal(Arrays.copyOf(images, images.length - 1), labels)
                .startsWith("digits: expected 3 images of 6 bytes as its header says, found only 2"));
        assertTrue(refusal(Arrays.copyOf(images, images.length + 1), labels).contains("found more"));
        assertTrue(refusal(images, Arrays.copyOf(labels, labels.length - 1))
                .startsWith("the labels of digits: expected 3 as the header says, found 2"));
        assertTrue(refusal(images, Arrays.copyOf(labels, labels.length + 1)).contains("found 4"));
        assertTrue(refusal(Arrays.copyOf(images, 9), labels).startsWith("digits: the file ends before"));
        assertTrue(refusal(new byte[0], new byte[0]).startsWith("digits: the file ends before"));
    }

    @Test
    void refusesCountsThatDoNotMatchAndClaimsBeyondReason() {
        assertTrue(refusal(images(0x803, 3), labels(0, 1)).contains("found 3 images and 2 labels"));
        byte[] images = ByteBuffer.wrap(images(0x803, 2)).putInt(4, Integer.MAX_VALUE).array();
        byte[] labels = ByteBuffer.wrap(labels(0, 1)).putInt(4, Integer.MAX_VALUE).array();
        assertTrue(refusal(images, labels).contains("expected 2147483647 images"));
        byte[] wide = ByteBuffer.wrap(images(0x803, 2)).putInt(8, 1 << 30).array();
        assertTrue(refusal(wide, labels(0, 1)).contains("2x1073741824x1"));
        byte[] negative = ByteBuffer.wrap(images(0x803, 2)).putInt(12, -2).array();
        assertTrue(refusal(negative, labels(0, 1)).contains("-2x3x1"));
    }

    @Test
    void refusesAPackedFileThatIsCutOff() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(images(0x803, 200));
        }
        write("train" + IMAGES + ".gz", Arrays.copyOf(packed.toByteArray(), packed.size() / 2));
        write("train" + LABELS, labels(new int[200]));
        String message = assertThrows(DataException.class, () -> IdxFiles.open(folder)).getMessage();
        assertTrue(message.contains("train" + IMAGES + ".gz: the file ends before its data does or is damaged"),
                message);
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        assertFalse(IdxFiles.isIn(folder));
        write("train" + IMAGES, images(0x803, 1));
        String message = assertThrows(DataException.class, () -> IdxFiles.open(folder)).getMessage();
        assertTrue(message.contains("train" + LABELS), message);
    }
}
