package dev.halcyon.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Images and labels in the IDX format of MNIST (LeCun, Cortes and Burges): big-endian, a magic number, the extents,
 * then bytes. Files may be compressed with gzip.
 */
public final class IdxFiles {
    private static final int LABELS_MAGIC = 0x801;
    private static final int IMAGES_MAGIC = 0x803;
    private static final int COLOUR_MAGIC = 0x804;
    private static final int MOST_PIXELS = 1 << 20;
    private static final String TRAIN = "train";
    private static final String TEST = "t10k";
    private static final List<String> FASHION = List.of("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal",
            "Shirt", "Sneaker", "Bag", "Ankle boot");

    private IdxFiles() {
    }

    /** Whether a folder holds files named as MNIST's. */
    public static boolean isIn(Path folder) {
        return find(folder, TRAIN, "images-idx3-ubyte").isPresent();
    }

    /**
     * The images of a folder: {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, and if they are there
     * {@code t10k-…}, each with or without {@code .gz}. Class names come from a file {@code classes.txt}, one a line;
     * without it they are Fashion-MNIST's if the folder's name has "fashion" in it, and numbers otherwise.
     *
     * @throws DataException if a file is missing or not what it should be
     */
    public static Splits open(Path folder) {
        List<String> names = names(folder);
        Dataset train = part(folder, TRAIN, names);
        Optional<Dataset> test = find(folder, TEST, "images-idx3-ubyte").isPresent()
                ? Optional.of(part(folder, TEST, train.classes()))
                : Optional.empty();
        return new Splits(train, Optional.empty(), test);
    }

    /**
     * One pair of files, from streams that this closes.
     *
     * @param name of the images, for messages
     * @param classes names of the classes, or empty to number them as far as labels go
     */
    public static Dataset read(String name, InputStream images, InputStream labels, List<String> classes) {
        try (DataInputStream pixels = new DataInputStream(images);
                DataInputStream marks = new DataInputStream(labels)) {
            expectMagic(marks, LABELS_MAGIC, LABELS_MAGIC, "the labels of " + name);
            int count = marks.readInt();
            int magic = expectMagic(pixels, IMAGES_MAGIC, COLOUR_MAGIC, name);
            int imageCount = pixels.readInt();
            if (count != imageCount || count < 1) {
                throw new DataException(name + ": expected as many images as labels and at least one, found "
                        + imageCount + " images and " + count + " labels");
            }
            int height = pixels.readInt();
            int width = pixels.readInt();
            int channels = magic == COLOUR_MAGIC ? pixels.readInt() : 1;
            if (height < 1 || width < 1 || (long) height * width > MOST_PIXELS || channels != 1 && channels != 3) {
                throw new DataException(name + ": expected images of 1x1 to " + MOST_PIXELS
                        + " pixels of 1 or 3 channels, found " + width + "x" + height + "x" + channels);
            }
            List<byte[]> content = readPixels(pixels, name, count, height * width * channels);
            byte[] targets = readLabels(marks, name, count);
            return new InMemory(name, height, width, channels, content, targets, classNames(name, targets, classes));
        } catch (EOFException | ZipException e) {
            throw new DataException(name + ": the file ends before its data does or is damaged; fetch it again", e);
        } catch (IOException e) {
            throw new DataException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Grows with what is there: a damaged header may claim more images than memory holds. */
    private static List<byte[]> readPixels(DataInputStream in, String name, int count, int size) throws IOException {
        List<byte[]> content = new ArrayList<>();
        byte[] image = in.readNBytes(size);
        while (image.length == size && content.size() < count) {
            content.add(image);
            image = in.readNBytes(size);
        }
        if (content.size() < count || image.length > 0) {
            throw new DataException(name + ": expected " + count + " images of " + size
                    + " bytes as its header says, found " + (content.size() < count ? "only " + content.size() : "more")
                    + "; fetch the file again");
        }
        return content;
    }

    private static byte[] readLabels(DataInputStream in, String name, int count) throws IOException {
        byte[] labels = in.readAllBytes();
        if (labels.length != count) {
            throw new DataException("the labels of " + name + ": expected " + count + " as the header says, found "
                    + labels.length + "; fetch the file again");
        }
        return labels;
    }

    private static int expectMagic(DataInputStream in, int one, int other, String name) throws IOException {
        int magic = in.readInt();
        if (magic != one && magic != other) {
            throw new DataException(String.format(Locale.ROOT,
                    "%s: expected an IDX file that starts with 0x%08x, found 0x%08x", name, one, magic));
        }
        return magic;
    }

    private static List<String> classNames(String name, byte[] labels, List<String> given) {
        int most = 0;
        for (byte label : labels) {
            most = Math.max(most, Byte.toUnsignedInt(label));
        }
        if (given.isEmpty()) {
            return IntStream.rangeClosed(0, most).mapToObj(Integer::toString).toList();
        }
        if (most >= given.size()) {
            throw new DataException(name + ": expected labels below " + given.size() + ", the number of classes, found "
                    + most);
        }
        return List.copyOf(given);
    }

    private static Dataset part(Path folder, String prefix, List<String> classes) {
        Path images = require(folder, prefix, "images-idx3-ubyte");
        Path labels = require(folder, prefix, "labels-idx1-ubyte");
        return read(images.toString(), inflated(images), inflated(labels), classes);
    }

    private static InputStream inflated(Path file) {
        try {
            InputStream in = Files.newInputStream(file);
            return file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Path require(Path folder, String prefix, String kind) {
        return find(folder, prefix, kind).orElseThrow(
                () -> new DataException(folder + ": expected a file " + prefix + "-" + kind + " or its .gz beside the"
                        + " others, found none"));
    }

    private static Optional<Path> find(Path folder, String prefix, String kind) {
        return Stream.of("", ".gz").map(ending -> folder.resolve(prefix + "-" + kind + ending))
                .filter(Files::isRegularFile).findFirst();
    }

    private static List<String> names(Path folder) {
        Path file = folder.resolve("classes.txt");
        try {
            if (Files.isRegularFile(file)) {
                return Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
        Path name = folder.toAbsolutePath().normalize().getFileName();
        boolean fashion = name != null && name.toString().toLowerCase(Locale.ROOT).contains("fashion");
        return fashion ? FASHION : List.of();
    }

    /** Names of Fashion-MNIST's classes (Xiao, Rasul and Vollgraf 2017). */
    public static List<String> fashionClasses() {
        return FASHION;
    }

    private record InMemory(String source, int height, int width, int channels, List<byte[]> content,
            byte[] labels, List<String> classes) implements Dataset {
        @Override
        public int size() {
            return content.size();
        }

        @Override
        public int label(int index) {
            return Byte.toUnsignedInt(labels[index]);
        }

        @Override
        public Image image(int index) {
            return new Image(height, width, channels, content.get(index));
        }

        @Override
        public String name(int index) {
            return source + "[" + index + "]";
        }
    }
}
