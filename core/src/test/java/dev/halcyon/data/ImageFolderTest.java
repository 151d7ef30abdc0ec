package dev.halcyon.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    private static final byte[] JPEG = Encoded.jpeg(12, 8);

    @TempDir
    private Path folder;

    private void write(String path, byte[] content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private void write(String... paths) throws IOException {
        for (String path : paths) {
            write(path, JPEG);
        }
    }

    private List<String> names(Dataset dataset) {
        return IntStream.range(0, dataset.size())
                .mapToObj(i -> folder.relativize(Path.of(dataset.name(i))).toString().replace('\\', '/')).toList();
    }

    private String refusal() {
        return assertThrows(DataException.class, () -> ImageFolder.open(folder)).getMessage();
    }

    @Test
    void ordersClassesAndImagesByName() throws IOException {
        write("dog/b.jpg", "bird/2.JPG", "dog/a.jpeg", "bird/10.jpg", "bird-house/x.jpg", "bird/deep/down/1.jpg");
        Dataset train = ImageFolder.open(folder).train();
        assertEquals(List.of("bird", "bird-house", "dog"), train.classes());
        assertEquals(List.of("bird/10.jpg", "bird/2.JPG", "bird/deep/down/1.jpg", "bird-house/x.jpg", "dog/a.jpeg",
                "dog/b.jpg"), names(train));
        assertEquals(List.of(0, 0, 0, 1, 2, 2), IntStream.range(0, 6).mapToObj(train::label).toList());
        assertEquals("12x8x3", train.image(3).toString());
    }

    @Test
    void passesOverHiddenFilesAndOtherKinds() throws IOException {
        write("a/1.jpg", "b/1.jpg", "a/._1.jpg", ".cache/1.jpg", "a/.thumbs/1.jpg", "a/notes.txt", "readme.md");
        Splits splits = ImageFolder.open(folder, Unreadable.refused());
        assertEquals(List.of("a/1.jpg", "b/1.jpg"), names(splits.train()));
    }

    @Test
    void findsParts() throws IOException {
        write("train/a/1.jpg", "train/b/1.jpg", "train/b/2.jpg", "val/a/3.jpg", "test/b/4.jpg");
        Splits splits = ImageFolder.open(folder);
        assertEquals(List.of("a", "b"), splits.classes());
        assertEquals(3, splits.train().size());
        assertEquals(0, splits.validation().orElseThrow().label(0));
        assertEquals(1, splits.test().orElseThrow().label(0));
    }

    @Test
    void takesTrainForAClassWhereImagesLieInIt() throws IOException {
        write("train/1.jpg", "plane/1.jpg");
        assertEquals(List.of("plane", "train"), ImageFolder.open(folder).classes());
    }

    @Test
    void followsLinks() throws IOException {
        write("elsewhere/1.jpg", "photos/a/1.jpg");
        Files.createSymbolicLink(folder.resolve("photos/b"), folder.resolve("elsewhere"));
        assertEquals(List.of("a", "b"), ImageFolder.open(folder.resolve("photos")).classes());
    }

    @Test
    void refusesAFolderThatIsMissingEmptyOrAFile() throws IOException {
        Path missing = folder.resolve("missing");
        assertEquals(missing + ": expected a folder of class folders, found nothing; is the path right?",
                assertThrows(DataException.class, () -> ImageFolder.open(missing)).getMessage());
        assertTrue(refusal().startsWith(folder + ": expected a folder for each class"), refusal());
        write("1.jpg");
        assertTrue(refusal().startsWith(folder + ": expected a folder for each class"), refusal());
        assertTrue(assertThrows(DataException.class, () -> ImageFolder.open(folder.resolve("1.jpg"))).getMessage()
                .endsWith("found a file"));
    }

    @Test
    void refusesOneClassOnly() throws IOException {
        write("bird/1.jpg");
        assertEquals(folder + ": expected at least two class folders, found only 'bird'; add a folder with images of"
                + " something else", refusal());
    }

    @Test
    void refusesAClassFolderWithoutImages() throws IOException {
        write("bird/1.jpg", "dog/1.jpg", "fish/1.heic");
        Files.createDirectory(folder.resolve("cat"));
        assertEquals(folder + ": expected images in every class folder, found none in cat, fish; add some or remove the"
                + " folder", refusal());
    }

    @Test
    void refusesAClassThatIsOnlyTested() throws IOException {
        write("train/a/1.jpg", "train/b/1.jpg", "test/c/1.jpg");
        assertTrue(refusal().endsWith("class 'c' is in test/ but not in train/"), refusal());
    }

    @Test
    void leavesOutWhatCannotBeRead() throws IOException {
        for (int i = 0; i < 100; i++) {
            write((i % 2 == 0 ? "a/" : "b/") + i + ".jpg", JPEG);
        }
        write("a/cut.jpg", Arrays.copyOf(JPEG, JPEG.length / 2));
        write("a/empty.jpg", new byte[0]);
        write("b/text.jpg", "I am not a picture".getBytes());
        write("b/huge.jpg", Encoded.claiming(JPEG, 60_000, 60_000));
        Unreadable unreadable = Unreadable.leftOut();
        Dataset train = ImageFolder.open(folder, unreadable).train();
        assertEquals(100, train.size());
        List<String> messages = unreadable.messages();
        assertEquals(4, messages.size());
        List<String> expected = List.of("a/cut.jpg: the picture is damaged", "a/empty.jpg: expected a picture, found an"
                + " empty file", "b/huge.jpg: expected a picture of at most", "b/text.jpg: expected a JPEG");
        for (int i = 0; i < 4; i++) {
            assertTrue(messages.get(i).startsWith(folder + "/" + expected.get(i)), messages.get(i));
        }
        DataException refused = assertThrows(DataException.class, () -> ImageFolder.open(folder, Unreadable.refused()));
        assertTrue(messages.contains(refused.getMessage()), refused.getMessage());
    }

    @Test
    void readsLargePhotographsInLessDetail() throws IOException {
        write("a/large.jpg", Encoded.jpeg(2100, 2048));
        write("b/smaller.jpg", Encoded.jpeg(2100, 300));
        Dataset train = ImageFolder.open(folder).train();
        assertEquals("1050x1024x3", train.image(0).toString());
        assertEquals("2100x300x3", train.image(1).toString());
    }

    @Test
    void keepsSmallPicturesOnceTheyAreDecoded() throws IOException {
        write("a/1.jpg", "b/1.jpg");
        Dataset train = ImageFolder.open(folder).train();
        Image first = train.image(0);
        Files.delete(folder.resolve("a/1.jpg"));
        assertSame(first, train.image(0));
    }

    @Test
    void refusesAClassWithoutReadableImages() throws IOException {
        write("a/1.jpg");
        write("b/1.jpg", new byte[0]);
        assertTrue(refusal().startsWith(folder + ": none of the images of class 'b'"), refusal());
    }

    @Test
    void namesAnImageThatGoesBadLater() throws IOException {
        write("a/1.jpg", "b/1.jpg");
        Dataset train = ImageFolder.open(folder).train();
        Files.delete(folder.resolve("b/1.jpg"));
        String message = assertThrows(DataException.class, () -> train.image(1)).getMessage();
        assertTrue(message.startsWith(folder.resolve("b/1.jpg").toString()), message);
    }
}
