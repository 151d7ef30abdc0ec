package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.halcyon.device.Device;
import dev.halcyon.io.ModelFile;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} as a command. */
class ExplainTest {
    private static final int MOST_BYTES = 5_000_000;

    @TempDir
    private static Path folder;
    private static Path run;
    private static Path picture;

    @BeforeAll
    static void train() throws IOException {
        Path photos = Pictures.folder(folder.resolve("photos"), 20, 16);
        picture = photos.resolve("red/3.png");
        run = folder.resolve("run");
        assertEquals(0, Cli.run("train", "--data", photos, "--epochs", 2, "--batch-size", 8, "--out", run).status());
    }

    @Test
    void thePageIsWrittenAndItsNumbersArePredicts() throws IOException {
        Path page = folder.resolve("no/folder/yet/page.html");
        Cli explain = Cli.run("explain", run, picture, "--out", page, "--json");
        assertEquals(0, explain.status(), explain.err());
        JsonObject told = explain.json().getAsJsonObject();
        assertEquals("red", told.getAsJsonArray("classes").get(told.get("truth").getAsInt()).getAsString());
        JsonObject predicted = Cli.run("predict", run, picture, "--json").json().getAsJsonArray().get(0)
                .getAsJsonObject().getAsJsonArray("predictions").get(0).getAsJsonObject();
        int label = told.getAsJsonArray("classes").asList().stream().map(name -> name.getAsString()).toList()
                .indexOf(predicted.get("class").getAsString());
        assertEquals(predicted.get("probability").getAsDouble(),
                told.getAsJsonArray("probabilities").get(label).getAsDouble(), 1e-5);
        assertEquals(0.1, told.getAsJsonObject("update").get("rate").getAsDouble(),
                "the learning rate of the run's recipe");
        String html = Files.readString(page);
        assertTrue(html.contains("<title>3.png – Halcyon</title>"));
        assertFalse(html.contains("http://") || html.contains("https://"), "an address elsewhere");
    }

    @Test
    void aLargeNetworksPageIsSmallEnough() throws IOException {
        Path weights = folder.resolve("resnet18.safetensors");
        try (Device device = Device.open("cpu");
                Model model = Models.create("resnet18", new Model.Input(224, 224, Models.usualNormalization(3)),
                        List.of("bird", "dog"), device, 1)) {
            ModelFile.save(weights, model);
        }
        Path large = folder.resolve("large.png");
        ImageIO.write(Pictures.picture(true, 1, 224), "png", large.toFile());
        Path page = folder.resolve("large.html");
        Cli explain = Cli.run("explain", weights, large, "--label", "dog", "--out", page);
        assertEquals(0, explain.status(), explain.err());
        assertTrue(Files.size(page) < MOST_BYTES, () -> page.toFile().length() + " bytes");
    }

    @Test
    void aHostileNameStaysAText() throws IOException {
        Path hostile = folder.resolve("<script>alert(1)<&.png");
        Files.copy(picture, hostile);
        Path page = folder.resolve("hostile.html");
        assertEquals(0, Cli.run("explain", run, hostile, "--out", page).status());
        assertFalse(Files.readString(page).contains("<script>alert"));
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        Cli missing = Cli.run("explain", run, folder.resolve("missing.png"));
        assertEquals(1, missing.status());
        assertTrue(missing.err().contains("there is no such image"), missing.err());
        Cli unknown = Cli.run("explain", run, picture, "--label", "rad");
        assertEquals(2, unknown.status());
        assertTrue(unknown.err().contains("red"), unknown.err());
    }
}
