package dev.halcyon.it.browser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.autograd.Tape;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.ImageDecoder;
import dev.halcyon.device.Device;
import dev.halcyon.it.Cli;
import dev.halcyon.it.Pictures;
import dev.halcyon.loss.Losses;
import dev.halcyon.models.Models;
import dev.halcyon.models.PictureBatch;
import dev.halcyon.nn.BatchNorm2d;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.nn.ResidualBlock;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Sgd;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/**
 * The page of {@code explain}, opened from disk: everything on it works, and its numbers are those that the library
 * computes here for the same picture with a model of its own.
 */
@Timeout(180)
class ExplainPageTest {
    private static final double CLOSE = 1e-4;
    private static final double RATE = 0.001;
    /** Not what the network says, so that there is a pull. */
    private static final int TRUTH = 0;

    @TempDir
    private static Path folder;
    private static URI page;
    private static Browser browser;
    private static Device device;
    private static Model model;
    private static HostBatch picture;

    @BeforeAll
    static void explain() throws IOException {
        Path photos = Pictures.folder(folder.resolve("photos"), 20, 32);
        Path run = folder.resolve("run");
        succeed("train", "--data", photos, "--model", "resnet20", "--epochs", 1, "--batch-size", 8, "--lr", 0.02,
                "--out",
                run);
        device = Device.open("cpu");
        model = Models.load(run.resolve("best.safetensors"), device);
        model.network().training(false);
        Path other = photos.resolve(model.classes().get(1 - TRUTH) + "/1.png");
        picture = PictureBatch.of(model.input(), ImageDecoder.decode(other));
        Path file = folder.resolve("page.html");
        succeed("explain", run, other, "--label", model.classes().get(TRUTH), "--lr", RATE, "--out", file);
        page = file.toUri();
        browser = Browser.at(page);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        if (device != null) {
            model.close();
            device.close();
        }
    }

    private static void succeed(Object... command) {
        Cli ended = Cli.run(command);
        assertEquals(0, ended.status(), ended::err);
    }

    private static double[] values(String selector) {
        return browser.exact(selector, "data-value").toArray();
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    private static Tensor loss(Model asked, Tensor logits) {
        return Losses.crossEntropy(logits, Tensor.of(asked.device(), Shape.of(1), (long) TRUTH));
    }

    /** Answers are sorted by their size; the pulls are those of the classes in their order. */
    @Test
    void theAnswersAreTheModelsAndThePullsAreMinusTheGradientAtItsOutputs() {
        try (Tape tape = device.record()) {
            Tensor logits = tape.keep(model.forward(model.prepare(picture)));
            double[] probabilities = doubles(Softmax.softmax(logits).toFloats());
            Tensor loss = loss(model, logits);
            tape.backward(loss);
            double[] gradient = doubles(tape.gradient(logits).toFloats());
            for (int label = 0; label < gradient.length; label++) {
                assertEquals(probabilities[label] - (label == TRUTH ? 1 : 0), gradient[label], CLOSE);
            }
            assertArrayEquals(Arrays.stream(gradient).map(value -> -value).toArray(),
                    browser.exact("#rails output[for]", "data-pull").toArray(), CLOSE);
            for (WebElement card : browser.elements("#backward .floor:first-child li")) {
                assertEquals(gradient[Integer.parseInt(card.getDomAttribute("data-channel"))],
                        Double.parseDouble(card.findElement(By.cssSelector("[data-pull]"))
                                .getDomAttribute("data-pull")),
                        CLOSE);
            }
            assertEquals(loss.item(), values("#rails .loss")[0], CLOSE);
            Arrays.sort(probabilities);
            double[] shown = values("#answers td[data-value]");
            Arrays.sort(shown);
            assertArrayEquals(probabilities, shown, 1e-6);
        }
    }

    /** The step is really taken, by an optimiser, on another copy of the model. */
    @Test
    void theAnswersAfterTheStepAndTheMovedWeightsAreThoseOfARealStep() {
        try (Model copy = Models.load(folder.resolve("run/best.safetensors"), device);
                Optimizer optimizer = Sgd.plain().on(copy.network().parameters())) {
            copy.network().training(false);
            try (Tape tape = device.record()) {
                tape.backward(loss(copy, copy.forward(copy.prepare(picture))));
                optimizer.step(RATE);
            }
            double[] answers = values("#update .answers td");
            try (Tape _ = device.record()) {
                float[] after = Softmax.softmax(copy.forward(copy.prepare(picture))).toFloats();
                for (int label = 0; label < after.length; label++) {
                    assertEquals(after[label], answers[2 * label + 1], 1e-5);
                }
            }
            List<Double> moves = new ArrayList<>();
            List<Parameter> before = model.network().parameters();
            for (int i = 0; i < before.size(); i++) {
                float[] from = before.get(i).tensor().toFloats();
                float[] to = copy.network().parameters().get(i).tensor().toFloats();
                for (int j = 0; j < from.length; j++) {
                    moves.add(Math.abs((double) to[j] - from[j]));
                }
            }
            double[] farthest = moves.stream().sorted((a, b) -> Double.compare(b, a)).limit(10)
                    .mapToDouble(Double::doubleValue).toArray();
            double[] changes = values("#update .changes td");
            assertEquals(30, changes.length);
            for (int i = 0; i < farthest.length; i++) {
                assertEquals(farthest[i], Math.abs(changes[3 * i + 2]), 1e-6);
                assertEquals(changes[3 * i + 2], changes[3 * i + 1] - changes[3 * i], 1e-12);
            }
        }
    }

    /** What a layer with a norm reports: what its norm gives, or the block that it ends. */
    private static List<float[]> reports() {
        List<float[]> reports = new ArrayList<>();
        model.network().listen((module, _, output) -> {
            if (module instanceof BatchNorm2d || module instanceof ResidualBlock || module instanceof Linear) {
                reports.add(output.toFloats());
            }
        });
        try (Tape _ = device.record()) {
            model.forward(model.prepare(picture));
        } finally {
            model.network().listen(null);
        }
        return reports;
    }

    @Test
    void aClickedChannelShowsWhomItHearsAndAllOfItAddsUpToItsActivation() {
        List<float[]> reports = reports();
        assertEquals(20, reports.size());
        for (int i = 0; i < reports.size(); i++) {
            String floor = "#forward .floor:nth-child(" + (i + 1) + ") ";
            WebElement channel = browser.element(floor + "button.channel");
            browser.show(channel);
            channel.click();
            assertEquals("true", channel.getDomAttribute("aria-expanded"));
            double sum = Arrays.stream(values(floor + ".contributions .term td[data-value]")).sum();
            double loudest = Arrays.stream(doubles(reports.get(i))).max().orElseThrow();
            double tolerance = CLOSE * Math.max(1, loudest);
            assertEquals(sum, values(floor + ".contributions .together td[data-value]")[0], tolerance);
            assertEquals(loudest, i < reports.size() - 1 ? Math.max(0, sum) : sum, tolerance);
            if (i < reports.size() - 1) {
                assertEquals(loudest, values(floor + ".contributions .after td[data-value]")[0], tolerance);
            }
            channel.click();
            assertTrue(browser.elements(floor + ".contributions").isEmpty());
        }
    }

    /** The last floor's reports: activation × weight, from the two themselves. */
    @Test
    void theLastFloorsContributionsAreActivationTimesWeight() {
        float[][] heard = new float[1][];
        int[] best = new int[1];
        model.network().listen((module, input, output) -> {
            if (module instanceof Linear) {
                heard[0] = input.toFloats();
                best[0] = output.toFloats()[1] > output.toFloats()[0] ? 1 : 0;
            }
        });
        float[] weights = model.network().parameters().stream().filter(p -> p.name().equals("linear.weight"))
                .findFirst().orElseThrow().tensor().toFloats();
        try (Tape _ = device.record()) {
            model.forward(model.prepare(picture));
        } finally {
            model.network().listen(null);
        }
        WebElement channel = browser.element("#forward .floor:last-child button.channel");
        browser.show(channel);
        channel.click();
        List<String> names = browser.texts("#forward .floor:last-child .contributions tbody th");
        double[] shown = values("#forward .floor:last-child .contributions td[data-value]");
        for (int i = 0; names.get(i).startsWith("channel "); i++) {
            int input = Integer.parseInt(names.get(i).substring("channel ".length()));
            assertEquals((double) heard[0][input] * weights[input * 2 + best[0]], shown[i], CLOSE);
        }
        channel.click();
    }

    @Test
    void everyFloorsBlameAddsUpToAllAndIsTheGradients() {
        List<WebElement> floors = browser.elements("#backward .floor");
        assertEquals(20, floors.size());
        for (int i = 1; i <= floors.size(); i++) {
            assertEquals(1, Arrays.stream(values("#backward .floor:nth-child(" + i + ") .share")).sum(), CLOSE);
        }
        Tensor[] stem = new Tensor[1];
        model.network().listen((module, _, output) -> {
            if (module.path().equals("bn1")) {
                stem[0] = output;
            }
        });
        try (Tape tape = device.record()) {
            Tensor logits = model.forward(model.prepare(picture));
            tape.keep(stem[0]);
            tape.backward(loss(model, logits));
            float[] gradient = tape.gradient(stem[0]).toFloats();
            double[] blame = new double[16];
            double all = 0;
            for (int i = 0; i < gradient.length; i++) {
                blame[i % blame.length] += Math.abs(gradient[i]);
                all += Math.abs(gradient[i]);
            }
            List<WebElement> cards = browser.elements("#backward .floor:last-child li");
            double[] shares = values("#backward .floor:last-child li .share");
            for (int i = 0; i < shares.length; i++) {
                int channel = Integer.parseInt(cards.get(i).getDomAttribute("data-channel"));
                assertEquals(blame[channel] / all, shares[i], CLOSE);
            }
        } finally {
            model.network().listen(null);
        }
    }

    @Test
    void aSliderThatIsDraggedMovesTheLossAndThePulls() {
        WebElement slider = browser.element("#rails-" + TRUTH);
        double before = values("#rails .loss")[0];
        browser.show(slider);
        new Actions(browser.driver()).moveToElement(slider).click().perform();
        double[] pulls = browser.exact("#rails output[for]", "data-pull").toArray();
        double answer = 1 - pulls[TRUTH];
        assertEquals(0.5, answer, 0.02);
        assertEquals(-(1 - answer), pulls[1 - TRUTH], 1e-9);
        assertEquals(-Math.log(answer), values("#rails .loss")[0], 1e-9);

        slider.sendKeys(Keys.HOME);
        slider.sendKeys(Keys.ARROW_RIGHT.toString().repeat(250));
        assertEquals("0.250, pull 0.750", browser.element("output[for=rails-" + TRUTH + "]").getText());
        assertEquals("0.750, pull −0.750", browser.element("output[for=rails-" + (1 - TRUTH) + "]").getText());
        assertEquals("1.39", browser.element("#rails .loss").getText());
        browser.element("#rails .reset").click();
        assertEquals(before, values("#rails .loss")[0]);
    }

    @Test
    void theOverlayFollowsItsSlider() {
        String drawn = "return document.querySelector('#looked canvas').toDataURL()";
        Object before = browser.script(drawn);
        browser.element("#strength").sendKeys(Keys.HOME);
        assertNotEquals(before, browser.script(drawn));
        assertEquals(6, browser.elements("#looked canvas").size());
    }

    @Test
    void thePageIsAccessibleQuietAndNeedsNothingElse() {
        browser.assertAccessibleEverywhere();
        browser.assertQuietAndLocal(page);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            rails.js  | pulls([0.1, 0.8, 0.1], 0)                 | [0.9,-0.8,-0.1]
            rails.js  | loss([1, 0], 0)                           | 0
            rails.js  | loss([0.5, 0.5], 0).toFixed(4)            | "0.6931"
            rails.js  | moved([0.5, 0.25, 0.25], 0, 0)            | [0,0.5,0.5]
            rails.js  | moved([1, 0, 0], 0, 0.5)                  | [0.5,0.25,0.25]
            rails.js  | shown([0.1, 0.2, 0.7], 0)                 | [0,1,2]
            rail.js   | geometry(true, 0.25)                      | {"nail":1,"slider":0.25,"left":0.25,"width":0.75,"pull":0.75}
            rail.js   | geometry(false, 0.25)                     | {"nail":0,"slider":0.25,"left":0,"width":0.25,"pull":-0.25}
            maps.js   | colour(1)                                 | [255,110,0]
            maps.js   | colour(-1)                                | [0,128,255]
            maps.js   | shares({values: 'f4EA'}).join()           | "1,-1,0"
            maps.js   | filterPixels([100, -100, 0], 0, 1, 3).join() | "228,28,128,255"
            contributions.js | addedUp({inputs: 9}, {others: 1, shortcut: 0, bias: 2, contributions: [[4, 2], [5, -3]]}) | 2
            contributions.js | terms({inputs: 1}, {others: 0, shortcut: 1, bias: 2, contributions: [[0, 3]]}) | [["input 0",3],["the block’s shortcut",1],["bias",2]]
            floors.js | nameChannels([{inputs: 3, channels: 2}, {inputs: 2, channels: 1}], ['bird'])[1].inputNames | ["channel 0","channel 1"]
            """)
    void itsFunctionsAnswer(String module, String call, String expected) {
        assertEquals(expected, browser.call(module, call));
    }
}
