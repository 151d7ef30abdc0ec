package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.models.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryExampleTest {
    @TempDir
    private Path folder;

    @Test
    void learnsToTellRedFromBlue() throws IOException {
        Path photos = Pictures.folder(folder.resolve("photos"), 40, 40);
        Path picture = folder.resolve("asked.png");
        ImageIO.write(Pictures.picture(true, 1000, 50), "png", picture.toFile());
        Prediction prediction = LibraryExample.trainAndAsk(photos, folder.resolve("weights.safetensors"), picture);
        assertEquals("red", prediction.label());
        assertTrue(prediction.probability() > 0.8, () -> "probability " + prediction.probability());
    }

    @Test
    void isTheOneThatTheReadmeShows() throws IOException {
        Path root = Path.of(System.getProperty("halcyon.root"));
        Path source = root.resolve("integration-tests/src/test/java/dev/halcyon/it/LibraryExample.java");
        List<String> lines = Files.readAllLines(source);
        int start =
                lines.indexOf(lines.stream().filter(line -> line.contains("trainAndAsk")).findFirst().orElseThrow());
        String shown = String.join("\n", lines.subList(start, lines.size() - 1)).stripIndent().strip();
        assertTrue(Files.readString(root.resolve("README.md")).contains(shown), "the README shows another example");
        assertTrue(lines.size() <= 40, "an example of at most 40 lines");
    }
}
