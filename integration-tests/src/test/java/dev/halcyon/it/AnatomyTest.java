package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code anatomy} of a run that was trained a little. */
class AnatomyTest {
    @TempDir
    private static Path folder;
    private static Path photos;
    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        photos = Pictures.folder(folder.resolve("photos"), 30, 16);
        run = folder.resolve("run");
        Cli train =
                Cli.run("train", "--data", photos, "--model", "resnet20", "--epochs", 3, "--batch-size", 16, "--out",
                        run);
        assertEquals(0, train.status(), train.err());
    }

    @Test
    void everyLayerIsThereWithItsShares() {
        Cli anatomy = Cli.run("anatomy", run, "--json");
        assertEquals(0, anatomy.status(), anatomy.err());
        JsonArray layers = anatomy.json().getAsJsonObject().getAsJsonArray("layers");
        assertEquals(20, layers.size());
        for (int i = 0; i < layers.size(); i++) {
            JsonObject layer = layers.get(i).getAsJsonObject();
            assertBetween(0, number(layer, "faded"), 0.5, layer);
            assertBetween(1e-9, number(layer, "highways"), 0.5, layer);
            assertBetween(1, number(layer, "effective_rank"), number(layer, "rank"), layer);
            assertBetween(0, number(layer, "silent_channels"), number(layer, "channels") - 1, layer);
            assertBetween(1e-9, number(layer, "change"), 10, layer);
        }
    }

    @Test
    void nothingCutIsWhatEvalSaysAndEverythingCutIsNothing() {
        JsonArray cuts = Cli.run("anatomy", run, "--prune", "1,0,0.25", "--json").json().getAsJsonObject()
                .getAsJsonArray("pruning");
        JsonObject whole = Cli.run("eval", run, "--data", photos, "--json").json().getAsJsonObject();
        assertEquals(3, cuts.size());
        for (String name : new String[] {"images", "loss", "top1"}) {
            assertEquals(whole.get(name), cuts.get(0).getAsJsonObject().get(name));
        }
        double connections = number(cuts.get(0).getAsJsonObject(), "remaining");
        assertEquals(Math.ceil(0.75 * connections), number(cuts.get(1).getAsJsonObject(), "remaining"));
        assertEquals(0, number(cuts.get(2).getAsJsonObject(), "remaining"));
        assertEquals(0.5, number(cuts.get(2).getAsJsonObject(), "top1"));
    }

    @Test
    void theTableNamesLayersAndCuts() {
        Cli anatomy = Cli.run("anatomy", run, "--prune", "0.5");
        assertEquals(0, anatomy.status(), anatomy.err());
        assertTrue(anatomy.out().contains("layer1.0.conv1.weight"), anatomy.out());
        assertTrue(anatomy.out().contains("  50 %"), anatomy.out());
    }

    @Test
    void aWeightsFileNeedsData() {
        Cli anatomy = Cli.run("anatomy", run.resolve("best.safetensors"));
        assertEquals(2, anatomy.status());
        assertTrue(anatomy.err().contains("name images with --data"), anatomy.err());
    }

    @Test
    void whatIsNoRunIsSaid() throws IOException {
        Cli anatomy = Cli.run("anatomy", Files.createDirectory(folder.resolve("empty")));
        assertEquals(1, anatomy.status());
        assertTrue(anatomy.err().contains("expected a run folder"), anatomy.err());
        assertEquals(2, Cli.run("anatomy", run, "--prune", "1.5").status());
    }

    private static double number(JsonObject object, String name) {
        return object.get(name).getAsDouble();
    }

    private static void assertBetween(double low, double value, double high, JsonObject layer) {
        assertTrue(low <= value && value <= high,
                () -> value + " is not within " + low + " and " + high + ": " + layer);
    }
}
