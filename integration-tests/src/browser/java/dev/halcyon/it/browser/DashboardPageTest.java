package dev.halcyon.it.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.halcyon.it.DashboardRun;
import dev.halcyon.it.Pictures;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The live page of a training run in a real browser: what it shows, its controls, its slider, and who can use it. */
@Timeout(180)
class DashboardPageTest {
    private static final int PHOTOS_PER_CLASS = 40;
    private static final int FEW = 40;
    /** As many epochs as no test waits for. */
    private static final int MANY = 100_000;

    @TempDir
    private Path folder;
    private Path run;
    private DashboardRun training;
    private URI page;
    private Browser browser;

    private void openThePageOfARun(int epochs) throws IOException, InterruptedException {
        run = folder.resolve("run");
        training = DashboardRun.start(Pictures.folder(folder.resolve("photos"), PHOTOS_PER_CLASS, 16), run, "--epochs",
                String.valueOf(epochs), "--val-fraction", "0.3");
        page = training.address();
        browser = new Browser();
        browser.open(page);
    }

    @AfterEach
    void end() {
        if (browser != null) {
            browser.close();
        }
        if (training != null) {
            training.close();
        }
    }

    @Test
    void aLiveRunIsFollowedToItsEnd() throws IOException, InterruptedException {
        openThePageOfARun(FEW);
        awaitState("finished");
        assertEquals(0, training.awaitEnd());

        List<JsonObject> metrics = metrics();
        assertEquals(FEW, metrics.size());
        assertEquals(metrics.stream().map(line -> asShown("number", line, "train_loss")).toList(), column(2));
        assertEquals(metrics.stream().map(line -> asShown("number", line, "val_loss")).toList(), column(3));
        assertEquals(metrics.stream().map(line -> asShown("percent", line, "val_top1")).toList(), column(4));
        assertTrue(browser.elements("#controls button, #controls input").stream().noneMatch(WebElement::isEnabled));
        assertFalse(browser.elements("#curves canvas").isEmpty());
        assertFalse(browser.elements("#filters canvas, #filters img, #filters svg").isEmpty());
        assertFalse(browser.elements("#layers tbody tr").isEmpty());
        browser.assertQuietAndLocal(page);
    }

    @Test
    void aReloadReplaysThePausedRunAndItsControlsSteer() throws IOException, InterruptedException {
        openThePageOfARun(MANY);
        pauseAfterEpochs(1);
        List<String> before = browser.texts("#epochs tbody tr");
        List<String> bands = browser.texts("#bands .said");

        browser.reload();
        awaitPause();
        browser.await("the epochs are replayed", () -> browser.texts("#epochs tbody tr").equals(before));
        assertEquals(bands, browser.texts("#bands .said"));

        browser.element("#double").click();
        browser.await("the rate is doubled", () -> answer().contains("learning rate is 2 × the schedule's"));
        browser.element("#stop").click();
        browser.await("the stop is announced", () -> answer().contains("will stop after this epoch"));
        browser.element("#pause").click();
        awaitState("stopped");
        browser.assertQuietAndLocal(page);
    }

    /** Two classes have a rail each: the band reaches from the slider to the nail, and the two answers make 1. */
    @Test
    void theRubberBandsAreTheAnswersAndTheTruth() throws IOException, InterruptedException {
        openThePageOfARun(MANY);
        pauseAfterEpochs(1);
        List<WebElement> cards = browser.elements("#bands > li");
        assertEquals(12, cards.size());
        for (int i = 0; i < cards.size(); i++) {
            String card = "#bands > li:nth-child(" + (i + 1) + ") ";
            List<Double> sliders = percentages(card + ".slider", "left");
            List<Double> nails = percentages(card + ".nail", "left");
            List<Double> widths = percentages(card + ".band", "width");
            assertEquals(100, sliders.stream().mapToDouble(x -> x).sum(), 1e-2);
            assertEquals(100, nails.stream().mapToDouble(x -> x).sum());
            for (int rail = 0; rail < widths.size(); rail++) {
                assertEquals(Math.abs(nails.get(rail) - sliders.get(rail)), widths.get(rail), 1e-2);
            }
            assertTrue((Boolean) browser.script("return document.querySelector('" + card + "img').naturalWidth > 0"));
        }
    }

    @Test
    void theConfusionSliderIsDraggedBackToTheFirstEpoch() throws IOException, InterruptedException {
        openThePageOfARun(MANY);
        pauseAfterEpochs(3);
        WebElement slider = browser.element("#confusion-epoch");
        browser.show(slider);
        new Actions(browser.driver()).moveToElement(slider, slider.getSize().width / 2 - 8, 0).clickAndHold()
                .moveByOffset(16 - slider.getSize().width, 0).release().perform();
        assertEquals("1", browser.element("#confusion-number").getText());
        int images = browser.texts("#confusion td").stream().mapToInt(Integer::parseInt).sum();
        slider.sendKeys(Keys.ARROW_RIGHT);
        assertEquals("2", browser.element("#confusion-number").getText());
        assertEquals(images, browser.texts("#confusion td").stream().mapToInt(Integer::parseInt).sum());
        assertTrue(images > 0 && images < 2 * PHOTOS_PER_CLASS);
    }

    @Test
    void thePageIsAccessibleInBothColoursAndOnAPhone() throws IOException, InterruptedException {
        openThePageOfARun(MANY);
        pauseAfterEpochs(2);
        browser.assertAccessibleEverywhere();
    }

    private void awaitState(String state) {
        browser.await("the run is " + state, () -> browser.element("#state").getText().equals(state));
    }

    private void pauseAfterEpochs(int least) {
        browser.await(least + " epochs are shown", () -> browser.elements("#epochs tbody tr").size() >= least);
        browser.element("#pause").click();
        awaitPause();
    }

    private void awaitPause() {
        browser.await("the run is paused", () -> browser.element("#pause").getText().equals("Resume")
                && browser.element("#pause").getAttribute("aria-pressed").equals("true")
                && answer().contains("paused"));
    }

    private String answer() {
        return browser.element("#answer").getText();
    }

    private List<String> column(int number) {
        return browser.texts("#epochs tbody tr > :nth-child(" + number + ")");
    }

    private List<Double> percentages(String selector, String property) {
        return browser.elements(selector).stream().map(element -> browser.driver()
                .executeScript("return arguments[0].style[arguments[1]]", element, property).toString())
                .map(text -> Double.valueOf(text.replace("%", ""))).toList();
    }

    /** A number of the run's record as the page writes numbers. */
    private String asShown(String format, JsonObject line, String name) {
        return browser.script("return import('./format.js').then(format => format." + format + "("
                + line.get(name).getAsDouble() + "))").toString();
    }

    private List<JsonObject> metrics() throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    }
}
