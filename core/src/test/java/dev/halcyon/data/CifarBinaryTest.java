package dev.halcyon.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarBinaryTest {
    private static final int PLANE = 1024;

    @TempDir
    private Path folder;

    /** One record: labels, then the three planes; red is the column, green the row, blue the value given. */
    private static byte[] record(int blue, int... labels) {
        byte[] bytes = new byte[labels.length + 3 * PLANE];
        for (int i = 0; i < labels.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        for (int i = 0; i < PLANE; i++) {
            bytes[labels.length + i] = (byte) (i % 32);
            bytes[labels.length + PLANE + i] = (byte) (i / 32);
            bytes[labels.length + 2 * PLANE + i] = (byte) blue;
        }
        return bytes;
    }

    private void write(String name, byte[]... records) throws IOException {
        Files.write(folder.resolve(name), Encoded.join(records));
    }

    private String refusal() {
        return assertThrows(DataException.class, () -> CifarBinary.open(folder)).getMessage();
    }

    @Test
    void readsPlanesAsPixels() throws IOException {
        assertFalse(CifarBinary.isIn(folder));
        write("data_batch_1.bin", record(200, 3), record(201, 9));
        write("data_batch_2.bin", record(202, 0));
        write("test_batch.bin", record(203, 1));
        Files.writeString(folder.resolve("batches.meta.txt"),
                "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
        assertTrue(CifarBinary.isIn(folder));
        Splits splits = CifarBinary.open(folder);
        assertEquals(3, splits.train().size());
        assertEquals("cat", splits.classes().get(splits.train().label(0)));
        Image image = splits.train().image(2);
        assertEquals("32x32x3", image.toString());
        assertEquals(7, image.at(5, 7, 0));
        assertEquals(5, image.at(5, 7, 1));
        assertEquals(202, image.at(5, 7, 2));
        assertTrue(splits.train().name(2).endsWith("data_batch_2.bin[0]"));
        assertEquals(1, splits.test().orElseThrow().label(0));
    }

    @Test
    void readsTheFineLabelsOfCifar100() throws IOException {
        write("train.bin", record(1, 11, 77), record(2, 12, 99));
        Files.writeString(folder.resolve("fine_label_names.txt"),
                IntStream.range(0, 100).mapToObj(i -> "class" + i).collect(Collectors.joining("\n")));
        Splits splits = CifarBinary.open(folder);
        assertEquals("class77", splits.classes().get(splits.train().label(0)));
        assertEquals(2, splits.train().image(1).at(0, 0, 2));
        assertTrue(splits.test().isEmpty());
    }

    @Test
    void refusesPartOfARecord() throws IOException {
        write("data_batch_1.bin", record(1, 3), Arrays.copyOf(record(1, 3), 100));
        assertTrue(refusal().endsWith("data_batch_1.bin: expected records of 3073 bytes, found 3173 bytes"), refusal());
    }

    @Test
    void refusesALabelWithoutAName() throws IOException {
        write("data_batch_1.bin", record(1, 3), record(1, 10));
        assertTrue(refusal().contains("record 1 has label 10, expected less than 10"), refusal());
    }

    @Test
    void refusesTooFewNames() throws IOException {
        write("data_batch_1.bin", record(1, 3));
        Files.writeString(folder.resolve("batches.meta.txt"), "cat\ndog\n");
        assertTrue(refusal().contains("batches.meta.txt: expected 10 names of classes, found 2"), refusal());
    }
}
