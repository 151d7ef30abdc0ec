package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people get for wrong input: one sentence that names the thing and the remedy, and no half-written files. */
class BadInputTest {
    @TempDir
    private Path folder;

    private void refuses(int status, String words, Object... arguments) {
        Cli result = Cli.run(arguments);
        assertEquals(status, result.status(), () -> "said: " + result.err());
        assertTrue(result.err().contains(words), () -> "expected '" + words + "' in: " + result.err());
        assertFalse(result.err().contains("\tat "), "a stack trace");
        assertEquals("", result.out());
    }

    @Test
    void refusesAMissingFolder() {
        refuses(1, "no data at", "train", "--data", folder.resolve("nowhere"), "--out", folder.resolve("run"));
        assertFalse(Files.exists(folder.resolve("run")));
    }

    @Test
    void refusesAnEmptyFolder() throws IOException {
        refuses(1, "found no images", "train", "--data", Files.createDirectory(folder.resolve("empty")));
    }

    @Test
    void refusesOneClassOnly() throws IOException {
        Path photos = Pictures.folder(folder.resolve("photos"), 3, 8);
        try (var files = Files.walk(photos.resolve("blue"))) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
        }
        refuses(1, "at least two class folders", "train", "--data", photos);
    }

    @Test
    void refusesAClassFolderWithoutImages() throws IOException {
        Path photos = Pictures.folder(folder.resolve("photos"), 3, 8);
        Files.createDirectory(photos.resolve("green"));
        refuses(1, "green", "train", "--data", photos);
    }

    @Test
    void leavesUnreadableImagesOutAndSaysSo() throws IOException {
        Path photos = Pictures.folder(folder.resolve("photos"), 20, 16);
        Files.write(photos.resolve("red/empty.png"), new byte[0]);
        Files.writeString(photos.resolve("red/text.jpg"), "this is no picture");
        byte[] whole = Files.readAllBytes(photos.resolve("red/0.png"));
        Files.write(photos.resolve("blue/cut.png"), Arrays.copyOf(whole, whole.length / 2));
        Cli lenient = Cli.run("train", "--data", photos, "--epochs", 1, "--out", folder.resolve("run"));
        assertEquals(0, lenient.status(), lenient.err());
        assertTrue(lenient.err().contains("3 images are left out"), lenient.err());
        for (String name : new String[] {"empty.png", "text.jpg", "cut.png"}) {
            assertTrue(lenient.err().contains(name), name);
        }
        Cli strict = Cli.run("train", "--data", photos, "--strict", "--out", folder.resolve("strict"));
        assertEquals(1, strict.status());
        assertFalse(Files.exists(folder.resolve("strict")));
    }

    @Test
    void suggestsTheNearestName() {
        refuses(2, "did you mean 'resnet18'?", "train", "--model", "resnet81", "--out", folder.resolve("run"));
        refuses(2, "did you mean 'cpu'?", "train", "--device", "cpuu", "--out", folder.resolve("run"));
        refuses(2, "did you mean 'adamw'?", "train", "--optimizer", "adam", "--out", folder.resolve("run"));
        refuses(2, "--epochs", "train", "--epoch", "3");
        assertFalse(Files.exists(folder.resolve("run")));
    }

    @Test
    void refusesSettingsOutOfRangeBeforeAnythingIsWritten() throws IOException {
        Path photos = Pictures.folder(folder.resolve("photos"), 3, 8);
        for (String[] setting : new String[][] {{"--epochs", "0"}, {"--batch-size", "0"}, {"--lr", "0"},
            {"--momentum", "2"}, {"--weight-decay", "-1"}, {"--label-smoothing", "1"}, {"--val-fraction", "1"},
            {"--warmup-epochs", "8"}, {"--workers", "-1"}, {"--augment", "flip"}}) {
            refuses(2, setting[0].substring(2).split("-")[0], "train", "--data", photos, "--out",
                    folder.resolve("run"), setting[0], setting[1]);
            assertFalse(Files.exists(folder.resolve("run")), setting[0]);
        }
    }

    @Test
    void refusesWhatIsNoRecipe() throws IOException {
        Path unknown = Files.writeString(folder.resolve("unknown.json"), "{\"epoch\": 3}");
        refuses(1, "'epoch'", "train", "--recipe", unknown);
        Path list = Files.writeString(folder.resolve("list.json"), "[1]");
        refuses(1, "expected a JSON object", "train", "--recipe", list);
        refuses(1, "expected a run folder", "train", "--resume", folder);
        refuses(1, "no such file", "train", "--recipe", folder.resolve("missing.json"));
    }

    @Test
    void refusesToPredictFromAnEmptyFolder() throws IOException {
        refuses(1, "found no file", "predict", folder, Files.createDirectory(folder.resolve("empty")));
    }

    @Test
    void saysWhyThereIsNoGpu() {
        refuses(2, "no CUDA device", "train", "--device", "cuda", "--out", folder.resolve("run"));
    }

    @Test
    void refusesAFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        refuses(1, "file", "train", "--out", file.resolve("run"));
    }

    @Test
    void refusesWeightsThatAreNone() throws IOException {
        Path weights = Files.writeString(folder.resolve("weights.safetensors"), "not a weights file at all");
        Path photos = Pictures.folder(folder.resolve("photos"), 3, 8);
        refuses(1, "safetensors", "eval", weights, "--data", photos);
        refuses(1, "there is no such file", "eval", folder.resolve("missing.safetensors"), "--data", photos);
    }

    @Test
    void stopsWhenTheLossIsNoNumber() throws IOException {
        Path photos = Pictures.folder(folder.resolve("photos"), 20, 16);
        Path run = folder.resolve("run");
        refuses(1, "at step", "train", "--data", photos, "--model", "mlp", "--lr", "1e30", "--epochs", 3,
                "--batch-size",
                8, "--schedule", "constant", "--out", run);
    }

    @Test
    void namesTheBatchSizeThatFits() throws IOException {
        Path photos = Pictures.folder(folder.resolve("photos"), 40, 32);
        Cli result =
                Cli.run("train", "--data", photos, "--memory-limit", 12, "--batch-size", 64, "--epochs", 1, "--out",
                        folder.resolve("run"));
        assertEquals(1, result.status(), result.err());
        assertTrue(result.err().contains("--batch-size "), result.err());
        int fits = Integer.parseInt(result.err().replaceAll("(?s).*--batch-size (\\d+).*", "$1"));
        Cli smaller = Cli.run("train", "--data", photos, "--memory-limit", 12, "--batch-size", fits, "--epochs", 1,
                "--out", folder.resolve("smaller"));
        assertEquals(0, smaller.status(), smaller.err());
    }
}
