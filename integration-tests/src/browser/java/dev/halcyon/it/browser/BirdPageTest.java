package dev.halcyon.it.browser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.device.Device;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.it.Cli;
import dev.halcyon.models.Models;
import dev.halcyon.models.PictureBatch;
import dev.halcyon.models.drawings.Drawings;
import dev.halcyon.nn.Model;
import dev.halcyon.tensor.Scope;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of {@code demo bird}, opened from disk: its story can be walked through, and its numbers are true. */
@Timeout(180)
class BirdPageTest {
    private static final double CLOSE = 1e-4;
    private static final int PICTURES = 6;

    @TempDir
    private static Path folder;
    private static URI page;
    private static JsonObject told;
    private static Browser browser;

    @BeforeAll
    @Timeout(300)
    static void tell() {
        Path file = folder.resolve("bird.html");
        Cli demo = Cli.run("demo", "bird", "--out", file, "--json");
        assertEquals(0, demo.status(), demo::err);
        told = demo.json().getAsJsonObject();
        page = file.toUri();
        browser = Browser.at(page);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private static void choosePicture(int number) {
        browser.element("#pictures button:nth-child(" + number + ")").click();
    }

    @ParameterizedTest
    @ValueSource(strings = {"company", "company-learned"})
    void everybodyInTheCompanyTellsWhomTheyHearAndItAddsUp(String company) {
        choosePicture(2);
        String table = "#" + company.replace("company", "chosen") + " .contributions ";
        List<WebElement> people = browser.elements("#" + company + " .person");
        assertEquals(20, people.size());
        for (WebElement person : people) {
            browser.show(person);
            person.click();
            assertEquals("true", person.getDomAttribute("aria-pressed"));
            double sum = browser.exact(table + ".term td[data-value]", "data-value").sum();
            assertEquals(sum, browser.exact(table + ".together td[data-value]", "data-value").sum(), CLOSE);
            List<WebElement> after = browser.elements(table + ".after td[data-value]");
            if (!after.isEmpty()) {
                assertEquals(Math.clamp(sum, 0, 6),
                        browser.exact(table + ".after td[data-value]", "data-value").sum(), CLOSE);
            }
        }
    }

    /** The network that knows nothing yet is made here once more, and asked about the same drawings. */
    @Test
    void theRubberBandsAreTheAnswersOfRandomWeights() {
        NormalizeImages normalization = new NormalizeImages(new float[] {0.86f}, new float[] {0.5f});
        try (Device device = Device.open("cpu");
                Model model =
                        Models.create("sketch", new Model.Input(48, 48, normalization), Drawings.CLASSES, device, 0);
                Scope _ = Scope.open()) {
            Drawings fresh = new Drawings("fresh", PICTURES, 0);
            for (int i = 0; i < PICTURES; i++) {
                choosePicture(i + 1);
                int truth = fresh.label(i);
                float[] answers =
                        Softmax.softmax(model.forward(model.prepare(PictureBatch.of(model.input(), fresh.image(i)))))
                                .toFloats();
                double[] pulls = browser.exact("#rails output[for]", "data-pull").toArray();
                for (int label = 0; label < answers.length; label++) {
                    assertEquals((label == truth ? 1 : 0) - answers[label], pulls[label], 1e-5);
                }
                assertEquals(-Math.log(answers[truth]), browser.exact("#rails .loss", "data-value").sum(), 1e-5);
            }
        }
    }

    @Test
    void theBlameOfEveryFloorAddsUpToAll() {
        choosePicture(1);
        List<WebElement> floors = browser.elements("#blame .floor");
        assertEquals(4, floors.size());
        for (int i = 1; i <= floors.size(); i++) {
            assertEquals(1, browser.exact("#blame .floor:nth-child(" + i + ") .share", "data-value").sum(), CLOSE);
        }
        assertEquals(10, browser.elements("#update .changes tbody tr").size());
    }

    @Test
    void aSliderIsMovedAndTheBandsFollow() {
        choosePicture(1);
        WebElement slider = browser.element("#rails-0");
        browser.show(slider);
        slider.sendKeys(Keys.END);
        assertArrayEquals(new double[] {0, 0, 0}, browser.exact("#rails output[for]", "data-pull").toArray(), 1e-9);
        assertEquals(0, browser.exact("#rails .loss", "data-value").sum(), 1e-9);
        browser.element("#rails .reset").click();
        assertNotEquals(0, browser.exact("#rails .loss", "data-value").sum());
    }

    @Test
    void timeGoesFromRandomWeightsToTheTrainedNetwork() {
        WebElement time = browser.element("#time");
        browser.show(time);
        time.sendKeys(Keys.HOME);
        assertEquals("0", browser.element("#steps").getText());
        List<String> before = browser.texts("#bands .said");
        Object filters = browser.script("return document.querySelector('#filters-learned canvas').toDataURL()");
        time.sendKeys(Keys.END);
        assertEquals(told.get("steps").getAsInt(), Integer.parseInt(browser.element("#steps").getText()));
        assertNotEquals(before, browser.texts("#bands .said"));
        assertNotEquals(filters,
                browser.script("return document.querySelector('#filters-learned canvas').toDataURL()"));
        assertTrue(browser.texts("#bands .said").stream().allMatch(said -> said.contains("rightly")),
                () -> browser.texts("#bands .said").toString());

        browser.element("#play").click();
        browser.await("it plays to the end", () -> browser.element("#play").getText().equals("Play"));
        assertEquals(told.get("steps").getAsInt(), Integer.parseInt(browser.element("#steps").getText()));
    }

    @Test
    void theResultsAreThoseOfTheCommand() {
        double[] right = browser.exact("#results td[data-value]", "data-value").toArray();
        assertEquals(told.getAsJsonObject("hand").get("top1").getAsDouble(), right[0], 1e-6);
        assertEquals(told.getAsJsonObject("learned").get("top1").getAsDouble(), right[1], 1e-6);
    }

    @Test
    void thePageIsAccessibleQuietAndNeedsNothingElse() {
        browser.assertAccessibleEverywhere();
        browser.assertQuietAndLocal(page);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            company.js  | curve([0, 0], [10, 20])  | "M0.0 0.0C0.0 10.0 10.0 10.0 10.0 20.0"
            company.js  | reports({loudest: [{channel: 1, contributions: [[0, 2], [3, -4]]}]}) | [{"from":0,"to":1,"value":2,"share":0.5},{"from":3,"to":1,"value":-4,"share":1}]
            learning.js | rails({answers: [[0.25, 0.75]]}, [1]) | [{"truth":1,"rails":[[0,0.25],[1,0.75]]}]
            """)
    void itsFunctionsAnswer(String module, String call, String expected) {
        assertEquals(expected, browser.call(module, call));
    }
}
