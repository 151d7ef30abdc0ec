package dev.halcyon.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.data.DataException;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.Image;
import dev.halcyon.data.Splits;
import dev.halcyon.data.Unreadable;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarImagesTest {
    @TempDir
    private Path folder;

    private static byte[] png(int value) {
        try {
            BufferedImage picture = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < 24; i++) {
                picture.setRGB(i % 6, i / 6, value * 0x010101);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(picture, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, byte[]> pictures(String... paths) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String path : paths) {
            entries.put(path, png(10 + entries.size()));
        }
        return entries;
    }

    private Path archive(String name, Map<String, byte[]> entries) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream packed = name.endsWith(".tar") ? out : new GZIPOutputStream(out);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                TarArchiveEntry header = new TarArchiveEntry(entry.getKey(), true);
                header.setSize(entry.getValue().length);
                tar.putArchiveEntry(header);
                tar.write(entry.getValue());
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    private static Splits open(Path archive) {
        return TarImages.open(archive, Unreadable.refused());
    }

    private static String refusal(Path archive) {
        String message = assertThrows(DataException.class, () -> open(archive)).getMessage();
        assertTrue(message.startsWith(archive.toString()), message);
        return message;
    }

    @ParameterizedTest
    @ValueSource(strings = {"photos.tar", "photos.tar.gz", "photos.tgz", "PHOTOS.TAR.GZ"})
    void readsClassFolders(String name) throws IOException {
        Path archive = archive(name, pictures("dog/2.png", "dog/1.png", "bird/1.png", "notes.txt"));
        Dataset train = open(archive).train();
        assertEquals(List.of("bird", "dog"), train.classes());
        assertEquals(3, train.size());
        assertArrayEquals(new int[] {12, 11, 10}, IntStream.range(0, 3).map(i -> train.image(i).at(3, 5, 2)).toArray());
        assertEquals(archive + "/dog/1.png", train.name(1));
        assertEquals(1, train.label(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "./", "cifar/", "./all/of/it/"})
    void findsPartsBelowLeadingFolders(String lead) throws IOException {
        Splits splits = open(archive("parts.tar", pictures(lead + "train/a/1.png", lead + "train/b/1.png",
                lead + "test/a/1.png", lead + "val/b/1.png")));
        assertEquals(List.of("a", "b"), splits.classes());
        assertEquals(12, splits.test().orElseThrow().image(0).at(0, 0, 0));
        assertEquals(1, splits.validation().orElseThrow().label(0));
    }

    @Test
    void readsLongNames() throws IOException {
        String name = "long".repeat(60) + ".png";
        Dataset train = open(archive("long.tar.gz", pictures("a/" + name, "b/" + name))).train();
        assertEquals(11, train.image(1).at(0, 0, 0));
        assertTrue(train.name(1).endsWith(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.png", "a/../../evil.png", "/etc/evil.png", "a/..", "..\\evil.png"})
    void refusesEntriesThatClimbOut(String path) throws IOException {
        String message = refusal(archive("evil.tar.gz", pictures("a/1.png", "b/1.png", path)));
        assertTrue(message.contains("climbs out of the archive"), message);
    }

    @Test
    void acceptsNamesThatOnlyLookLikeClimbing() throws IOException {
        assertEquals(2, open(archive("dots.tar", pictures("a/1..2.png", "b../1.png"))).train().size());
    }

    @Test
    void refusesAnArchiveThatIsCutOffOrNone() throws IOException {
        Path whole = archive("whole.tar.gz", pictures("a/1.png", "b/1.png"));
        byte[] bytes = Files.readAllBytes(whole);
        refusal(Files.write(folder.resolve("cut.tar.gz"), Arrays.copyOf(bytes, bytes.length / 2)));
        refusal(Files.write(folder.resolve("none.tar.gz"), "this is no archive".getBytes()));
        refusal(Files.write(folder.resolve("none.tar"), "this is no archive".repeat(100).getBytes()));
        refusal(Files.write(folder.resolve("empty.tar"), new byte[0]));
        refusal(Files.write(folder.resolve("empty.tar.gz"), new byte[0]));
        byte[] plain = Files.readAllBytes(archive("plain.tar", pictures("a/1.png", "b/1.png")));
        refusal(Files.write(folder.resolve("cut.tar"), Arrays.copyOf(plain, 512 + 100)));
    }

    @Test
    void leavesOutWhatCannotBeRead() throws IOException {
        Map<String, byte[]> entries = pictures("a/1.png", "b/1.png");
        entries.put("b/cut.png", Arrays.copyOf(png(1), 50));
        Unreadable unreadable = Unreadable.leftOut();
        Path archive = archive("some.tar.gz", entries);
        assertEquals(2, TarImages.open(archive, unreadable).train().size());
        assertEquals(1, unreadable.messages().size());
        assertTrue(unreadable.messages().getFirst().startsWith(archive + "/b/cut.png: "));
    }

    @Test
    void threadsReadAtTheSameTime() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 200; i++) {
            entries.put((i % 2 == 0 ? "a/" : "b/") + (1000 + i) + ".png", png(i));
        }
        Dataset train = open(archive("many.tar.gz", entries)).train();
        List<Integer> values = IntStream.range(0, 200).parallel().mapToObj(train::image)
                .map((Image image) -> image.at(2, 2, 1)).toList();
        assertEquals(IntStream.range(0, 200).map(i -> i < 100 ? 2 * i : 2 * (i - 100) + 1).boxed().toList(), values);
    }
}
