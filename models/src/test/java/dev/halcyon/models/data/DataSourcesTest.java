package dev.halcyon.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.data.DataException;
import dev.halcyon.data.Splits;
import dev.halcyon.data.Unreadable;
import dev.halcyon.models.drawings.Drawings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSourcesTest {
    @TempDir
    private Path folder;

    private static Splits open(Object pathOrName) {
        return DataSources.open(pathOrName.toString(), Unreadable.refused());
    }

    private static String refusal(Object pathOrName) {
        return assertThrows(DataException.class, () -> open(pathOrName)).getMessage();
    }

    @Test
    void theSampleIsThere() {
        Splits sample = open(DataSources.SAMPLE);
        assertEquals(10, sample.classes().size());
        assertEquals("Ankle boot", sample.classes().get(9));
        assertEquals("28x28x1", sample.train().image(0).toString());
        int[] each = new int[10];
        Arrays.fill(each, 1200);
        assertArrayEquals(each, sample.train().countPerClass());
        Arrays.fill(each, 200);
        assertArrayEquals(each, sample.test().orElseThrow().countPerClass());
    }

    @Test
    void drawingsAreKnownByName() {
        Splits drawings = open("drawings");
        assertEquals(Drawings.CLASSES, drawings.classes());
        assertEquals(drawings.train().size() / 3, drawings.train().countPerClass()[0]);
        assertTrue(drawings.test().isPresent());
        assertTrue(refusal("drawing").contains("drawings"));
    }

    @Test
    void recognisesFoldersByWhatIsInThem() throws IOException {
        for (String path : new String[] {"photos/a/1.png", "photos/b/1.png"}) {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            ImageIO.write(new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        }
        assertEquals(2, open(folder.resolve("photos")).train().size());

        Path idx = Files.createDirectory(folder.resolve("idx"));
        Files.write(idx.resolve("train-images-idx3-ubyte"),
                ByteBuffer.allocate(18).putInt(0x803).putInt(2).putInt(1).putInt(1).array());
        Files.write(idx.resolve("train-labels-idx1-ubyte"),
                ByteBuffer.allocate(10).putInt(0x801).putInt(2).put((byte) 0).put((byte) 1).array());
        assertEquals("1x1x1", open(idx).train().image(0).toString());

        Path cifar = Files.createDirectory(folder.resolve("cifar"));
        Files.write(cifar.resolve("data_batch_1.bin"), new byte[2 * 3073]);
        assertEquals("32x32x3", open(cifar).train().image(1).toString());
    }

    @Test
    void saysWhatIsMissingOrOfAnotherKind() throws IOException {
        assertTrue(refusal(folder.resolve("nothing")).startsWith("no data at " + folder.resolve("nothing")));
        assertTrue(refusal("fashion-smaple").contains("did you mean 'fashion-sample'?"));
        Path file = Files.writeString(folder.resolve("photos.zip"), "PK");
        assertTrue(refusal(file).startsWith(file + ": expected a folder or an archive (.tar, .tar.gz, .tgz)"));
    }
}
