package dev.halcyon.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The binary version of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of one label, or a coarse and a fine one, and
 * 3,072 bytes, all red ones first.
 */
public final class CifarBinary {
    private static final int EXTENT = 32;
    private static final int CHANNELS = 3;
    private static final int PLANE = EXTENT * EXTENT;

    private CifarBinary() {
    }

    /** Whether a folder holds CIFAR's binary files. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve("data_batch_1.bin"))
                || Files.isRegularFile(folder.resolve("train.bin"));
    }

    /**
     * Opens {@code data_batch_1.bin} to {@code data_batch_5.bin} and {@code test_batch.bin}, or {@code train.bin} and
     * {@code test.bin} of CIFAR-100 (fine labels). Class names come from the file that lies beside them.
     *
     * @throws DataException if a file has another length than whole records have, or a label no name
     */
    public static Splits open(Path folder) {
        boolean hundred = Files.isRegularFile(folder.resolve("train.bin"));
        List<Path> train = hundred
                ? List.of(folder.resolve("train.bin"))
                : IntStream.rangeClosed(1, 5).mapToObj(i -> folder.resolve("data_batch_" + i + ".bin"))
                        .filter(Files::isRegularFile).toList();
        Path test = folder.resolve(hundred ? "test.bin" : "test_batch.bin");
        List<String> classes = names(folder.resolve(hundred ? "fine_label_names.txt" : "batches.meta.txt"),
                hundred ? 100 : 10);
        int labelBytes = hundred ? 2 : 1;
        return new Splits(read(train, labelBytes, classes), Optional.empty(), Files.isRegularFile(test)
                ? Optional.of(read(List.of(test), labelBytes, classes))
                : Optional.empty());
    }

    private static List<String> names(Path file, int count) {
        if (!Files.isRegularFile(file)) {
            return IntStream.range(0, count).mapToObj(Integer::toString).toList();
        }
        try {
            List<String> names = Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty())
                    .toList();
            if (names.size() != count) {
                throw new DataException(file + ": expected " + count + " names of classes, found " + names.size());
            }
            return names;
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Dataset read(List<Path> files, int labelBytes, List<String> classes) {
        int record = labelBytes + CHANNELS * PLANE;
        List<byte[]> records = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Path file : files) {
            byte[] content = content(file);
            if (content.length == 0 || content.length % record != 0) {
                throw new DataException(file + ": expected records of " + record + " bytes, found " + content.length
                        + " bytes");
            }
            for (int i = 0; i < content.length / record; i++) {
                byte[] one = Arrays.copyOfRange(content, i * record, (i + 1) * record);
                if (Byte.toUnsignedInt(one[labelBytes - 1]) >= classes.size()) {
                    throw new DataException(file + ": record " + i + " has label "
                            + Byte.toUnsignedInt(one[labelBytes - 1]) + ", expected less than " + classes.size());
                }
                records.add(one);
                names.add(file + "[" + i + "]");
            }
        }
        return new Records(List.copyOf(records), List.copyOf(names), labelBytes, classes);
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private record Records(List<byte[]> records, List<String> names, int labelBytes, List<String> classes)
            implements Dataset {
        @Override
        public int size() {
            return records.size();
        }

        @Override
        public int label(int index) {
            return Byte.toUnsignedInt(records.get(index)[labelBytes - 1]);
        }

        @Override
        public Image image(int index) {
            byte[] planes = records.get(index);
            byte[] pixels = new byte[CHANNELS * PLANE];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = planes[labelBytes + i % CHANNELS * PLANE + i / CHANNELS];
            }
            return new Image(EXTENT, EXTENT, CHANNELS, pixels);
        }

        @Override
        public String name(int index) {
            return names.get(index);
        }
    }
}
