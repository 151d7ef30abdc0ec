package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as programs use them: their JSON, their files, their exit status. */
class CommandTest {
    @TempDir
    private static Path folder;
    private static Path photos;
    private static Path run;
    private static Cli trained;

    @BeforeAll
    static void trainOnce() throws IOException {
        photos = Pictures.folder(folder.resolve("photos"), 30, 16);
        run = folder.resolve("run");
        trained = Cli.run("train", "--data", photos, "--epochs", 6, "--batch-size", 16, "--lr", 0.05, "--out", run,
                "--json");
    }

    @Test
    void trainSpeaksJson() {
        assertEquals(0, trained.status(), trained.err());
        JsonObject json = trained.json().getAsJsonObject();
        assertEquals(Set.of("run", "model", "device", "seconds", "images_per_s", "epochs", "best", "test",
                "peak_rss_mib"), json.keySet());
        JsonArray epochs = json.getAsJsonArray("epochs");
        assertEquals(6, epochs.size());
        assertEquals(Set.of("epoch", "train_loss", "val_loss", "val_top1", "lr", "seconds"),
                epochs.get(0).getAsJsonObject().keySet());
        assertEquals(1, json.getAsJsonObject("best").get("val_top1").getAsDouble());
    }

    @Test
    void trainWritesARunFolder() throws IOException {
        for (String name : new String[] {"recipe.json", "metrics.jsonl", "best.safetensors", "last.ckpt",
            "classes.txt", "report.html"}) {
            assertTrue(Files.size(run.resolve(name)) > 0, name);
        }
        assertEquals(6, Files.readAllLines(run.resolve("metrics.jsonl")).size());
        assertEquals("blue\nred\n", Files.readString(run.resolve("classes.txt")));
    }

    @Test
    void evalSpeaksJson() {
        Cli eval = Cli.run("eval", run, "--data", photos, "--json");
        assertEquals(0, eval.status(), eval.err());
        JsonObject json = eval.json().getAsJsonObject();
        assertEquals(Set.of("images", "loss", "top1", "top5", "classes", "per_class", "confusion"), json.keySet());
        assertEquals(60, json.get("images").getAsInt());
        assertTrue(json.get("top1").getAsDouble() > 0.9);
        assertEquals(Set.of("class", "precision", "recall", "f1", "support"),
                json.getAsJsonArray("per_class").get(0).getAsJsonObject().keySet());
        assertEquals(30, json.getAsJsonArray("confusion").get(0).getAsJsonArray().asList().stream()
                .mapToInt(count -> count.getAsInt()).sum());
    }

    @Test
    void predictSpeaksJson() {
        Cli predict = Cli.run("predict", run, photos.resolve("red/3.png"), photos.resolve("blue"), "--json");
        assertEquals(0, predict.status(), predict.err());
        JsonArray json = predict.json().getAsJsonArray();
        assertEquals(31, json.size());
        JsonObject first = json.get(0).getAsJsonObject();
        assertEquals(photos.resolve("red/3.png").toString(), first.get("image").getAsString());
        JsonObject best = first.getAsJsonArray("predictions").get(0).getAsJsonObject();
        assertEquals("red", best.get("class").getAsString());
        assertTrue(best.get("probability").getAsDouble() > 0.5);
    }

    @Test
    void benchSpeaksJson() {
        for (String kind : new String[] {"train", "infer"}) {
            Cli bench = Cli.run("bench", kind, "--model", "lenet", "--batch-size", 4, "--steps", 2, "--warmup", 1,
                    "--json");
            assertEquals(0, bench.status(), bench.err());
            assertEquals(
                    Set.of("model", "device", "precision", "batch_size", "threads", "steps", "warmup", "median_ms",
                            "min_ms",
                            "images_per_s", "gflops_per_s", "parameters", "peak_rss_mib"),
                    bench.json().getAsJsonObject().keySet());
            assertEquals(61_706, bench.json().getAsJsonObject().get("parameters").getAsInt());
        }
    }

    @Test
    void benchBreaksAStepDownIntoOperations() {
        Cli bench = Cli.run("bench", "train", "--model", "lenet", "--batch-size", 4, "--steps", 2, "--warmup", 1,
                "--breakdown", "--json");
        assertEquals(0, bench.status(), bench.err());
        JsonArray rows = bench.json().getAsJsonObject().getAsJsonArray("breakdown");
        assertEquals(1, rows.asList().stream().mapToDouble(row -> row.getAsJsonObject().get("share").getAsDouble())
                .sum(), 1e-3);
        JsonObject convolution = rows.asList().stream().map(row -> row.getAsJsonObject())
                .filter(row -> row.get("operation").getAsString().equals("conv2dWeightGradient")
                        && row.get("shapes").getAsString().contains("[5, 5, 6, 16]"))
                .findFirst().orElseThrow();
        assertEquals(1, convolution.get("calls").getAsDouble());
        assertTrue(convolution.get("gflops_per_s").getAsDouble() > 0);
    }

    @Test
    void benchTimesOneOperation() {
        Cli bench = Cli.run("bench", "op", "--op", "conv2dWeightGradient", "--input", "2x8x8x16", "--outputs", 32,
                "--padding", 1, "--steps", 3, "--json");
        assertEquals(0, bench.status(), bench.err());
        JsonObject json = bench.json().getAsJsonObject();
        assertEquals("[2, 8, 8, 16] [2, 8, 8, 32] [3, 3, 16, 32]", json.get("shapes").getAsString());
        assertTrue(json.get("share_of_peak").getAsDouble() > 0);
        Cli wrong = Cli.run("bench", "op", "--op", "conv2");
        assertEquals(2, wrong.status());
        assertTrue(wrong.err().contains("did you mean 'conv2d'"), wrong.err());
    }

    @Test
    void trainWritesAProfileThatChromeReads(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("trace.json");
        Cli train = Cli.run("train", "--data", photos, "--image-size", "16x16", "--batch-size", 2, "--epochs", 2,
                "--model", "convnet", "--out", folder.resolve("run"), "--profile", file);
        assertEquals(0, train.status(), train.err());
        JsonArray events = JsonParser.parseString(Files.readString(file)).getAsJsonArray();
        Set<String> names = events.asList().stream().map(event -> event.getAsJsonObject().get("name").getAsString())
                .collect(Collectors.toSet());
        assertTrue(names.containsAll(Set.of("conv2d", "conv2dWeightGradient", "batchNormActivation", "sgd")), names
                .toString());
        events.forEach(event -> assertEquals("X", event.getAsJsonObject().get("ph").getAsString()));
    }

    @Test
    void doctorSpeaksJson() {
        Cli doctor = Cli.run("doctor", "--json");
        assertEquals(0, doctor.status(), doctor.err());
        JsonObject json = doctor.json().getAsJsonObject();
        assertTrue(json.keySet().containsAll(Set.of("jdk", "cores", "devices", "auto", "gemm_gflops_per_s")));
        assertEquals("cpu", json.get("auto").getAsString());
    }

    @Test
    void modelsAndDataAreListed() {
        Cli models = Cli.run("models", "--json");
        assertEquals(0, models.status(), models.err());
        JsonObject resnet20 = models.json().getAsJsonArray().asList().stream().map(e -> e.getAsJsonObject())
                .filter(e -> e.get("name").getAsString().equals("resnet20")).findFirst().orElseThrow();
        assertEquals(269_722, resnet20.get("parameters").getAsInt());
        Cli data = Cli.run("data", "info", photos, "--json");
        assertEquals(0, data.status(), data.err());
        assertEquals(60, data.json().getAsJsonObject().getAsJsonObject("train").get("images").getAsInt());
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : new String[] {"train", "eval", "predict", "bench", "models", "data", "doctor"}) {
            Cli help = Cli.run(command, "--help");
            assertEquals(0, help.status());
            assertFalse(help.out().isBlank());
        }
    }
}
