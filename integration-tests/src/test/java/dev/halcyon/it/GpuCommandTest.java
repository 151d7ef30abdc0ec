package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with {@code --device cuda}. */
@WithEmulatedGpu(required = true)
class GpuCommandTest {
    @TempDir
    private static Path folder;
    private static Path photos;
    private static Path run;

    @BeforeAll
    static void trainOnce() throws IOException {
        photos = Pictures.folder(folder.resolve("photos"), 20, 16);
        run = folder.resolve("run");
        Cli trained = train("--epochs", 3, "--device", "cuda", "--precision", "fp32", "--out", run);
        assertTrue(trained.err().contains("on cuda:0: Emulated GPU"), trained.err());
    }

    private static Cli train(Object... more) {
        Object[] all = new Object[more.length + 7];
        System.arraycopy(new Object[] {"train", "--data", photos, "--model", "lenet", "--batch-size", 8}, 0, all, 0, 7);
        System.arraycopy(more, 0, all, 7, more.length);
        Cli result = Cli.run(all);
        assertEquals(0, result.status(), result.err());
        return result;
    }

    @Test
    void whatWasTrainedThereIsJudgedAndUsedThereAndOnTheCpu() {
        double[] losses = new double[2];
        String[] devices = {"cuda", "cpu"};
        for (int i = 0; i < devices.length; i++) {
            Cli eval = Cli.run("eval", run, "--data", photos, "--device", devices[i], "--json");
            assertEquals(0, eval.status(), eval.err());
            losses[i] = eval.json().getAsJsonObject().get("loss").getAsDouble();
            Cli predict = Cli.run("predict", run, photos.resolve("red/0.png"), "--device", devices[i], "--json");
            assertEquals(0, predict.status(), predict.err());
        }
        assertEquals(losses[1], losses[0], 1e-4 * losses[1]);
    }

    @Test
    void theRecipeHasThePrecision() throws IOException {
        JsonObject recipe = JsonParser.parseString(Files.readString(run.resolve("recipe.json"))).getAsJsonObject();
        assertEquals("fp32", recipe.get("precision").getAsString());
    }

    @Test
    void doctorTellsOfDriverDeviceLibraryAndKernels() {
        Cli doctor = Cli.run("doctor", "--json");
        assertEquals(0, doctor.status(), doctor.err());
        JsonObject cuda = doctor.json().getAsJsonObject().getAsJsonArray("devices").get(0).getAsJsonObject();
        assertEquals("cuda", cuda.get("kind").getAsString());
        assertEquals(1, cuda.getAsJsonArray("found").size());
        assertTrue(cuda.get("problem").isJsonNull(), cuda.toString());
        JsonArray facts = cuda.getAsJsonArray("facts");
        assertTrue(facts.toString().contains("driver for CUDA 12.6") && facts.toString().contains("compute_80")
                && facts.toString().contains("libcublas.so.12"), facts.toString());
        assertEquals("cuda:0", doctor.json().getAsJsonObject().get("auto").getAsString());
    }
}
