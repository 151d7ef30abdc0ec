package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo bird} as a command: what its two networks know, and its page. */
class DemoTest {
    private static final int MOST_BYTES = 5_000_000;
    /** Of training, on two cores. */
    private static final double MOST_SECONDS = 120;

    @TempDir
    private Path folder;

    @Test
    void theHandWiredNetworkKnowsNineOfTenFreshDrawingsAndTheTrainedOneNearlyAll() throws IOException {
        Path page = folder.resolve("bird.html");
        Cli demo = Cli.run("demo", "bird", "--out", page, "--json");
        assertEquals(0, demo.status(), demo.err());
        JsonObject told = demo.json().getAsJsonObject();
        assertTrue(top1(told, "hand") >= 0.9, demo.out());
        assertTrue(top1(told, "learned") >= 0.99, demo.out());
        assertEquals(3_000, told.getAsJsonObject("learned").get("images").getAsInt());
        assertTrue(told.get("seconds").getAsDouble() < MOST_SECONDS, demo.out());
        String html = Files.readString(page);
        assertTrue(Files.size(page) < MOST_BYTES, () -> page.toFile().length() + " bytes");
        assertFalse(html.contains("http://") || html.contains("https://"), "an address elsewhere");
        assertTrue(html.contains("halcyon demo bird --data photos"));
    }

    private static double top1(JsonObject told, String network) {
        return told.getAsJsonObject(network).get("top1").getAsDouble();
    }

    /** Red and blue noise has no beaks: to the hand-wired network it is all things. */
    @Test
    void photographsOfAnySizeAndClassesWillDo() throws IOException {
        Path page = folder.resolve("photos.html");
        Cli demo = Cli.run("demo", "bird", "--data", Pictures.folder(folder.resolve("photos"), 30, 70), "--out", page,
                "--json");
        assertEquals(0, demo.status(), demo.err());
        JsonObject told = demo.json().getAsJsonObject();
        assertEquals("[\"blue\",\"red\"]", told.getAsJsonObject("learned").get("classes").toString());
        assertEquals(12, told.getAsJsonObject("learned").get("images").getAsInt());
        assertFalse(Files.readString(page).contains("--data photos</code> tells"));
    }

    @Test
    void whatIsWrongIsSaid() {
        Cli missing = Cli.run("demo", "bird", "--data", folder.resolve("missing"));
        assertEquals(1, missing.status());
        assertTrue(missing.err().contains("no data at"), missing.err());
        Cli unknown = Cli.run("demo", "birds");
        assertEquals(2, unknown.status());
        assertTrue(unknown.err().contains("bird"), unknown.err());
    }
}
