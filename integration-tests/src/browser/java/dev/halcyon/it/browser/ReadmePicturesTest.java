package dev.halcyon.it.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.data.Image;
import dev.halcyon.it.Cli;
import dev.halcyon.it.DashboardRun;
import dev.halcyon.models.drawings.Drawings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the pictures of the README: a run on drawings on the dashboard, one of them explained, and the story of the
 * bird, in {@code target/pictures}. The ones that the README shows were copied from there.
 */
@Timeout(240)
class ReadmePicturesTest {
    private static final int WIDTH = 1100;

    @TempDir
    private Path folder;

    @Test
    void aRunAndWhatItLearned() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        try (DashboardRun training = DashboardRun.start(Path.of(Drawings.NAME), run, "--epochs", "3", "--batch-size",
                "64");
                Browser browser = new Browser()) {
            browser.open(training.address());
            browser.show(WIDTH, "light");
            browser.await("the run ends", () -> browser.element("#state").getText().contains("finished"));
            assertEquals(0, training.awaitEnd());
            keep(browser, "dashboard");
        }
        Path picture = folder.resolve("bird.png");
        ImageIO.write(buffered(new Drawings("readme", 1, 5).image(0)), "png", picture.toFile());
        Path page = folder.resolve("explain.html");
        Cli explain = Cli.run("explain", run, picture, "--label", "bird", "--out", page);
        assertEquals(0, explain.status(), explain::err);
        try (Browser browser = Browser.at(page.toUri())) {
            browser.show(WIDTH, "light");
            keep(browser, "explain");
        }
    }

    @Test
    void theStoryOfTheBird() throws IOException {
        Path page = folder.resolve("story.html");
        Cli demo = Cli.run("demo", "bird", "--out", page);
        assertEquals(0, demo.status(), demo::err);
        try (Browser browser = Browser.at(page.toUri())) {
            browser.show(WIDTH, "light");
            keep(browser, "demo");
        }
    }

    private static void keep(Browser browser, String name) throws IOException {
        browser.picture(name);
        Path written = Path.of("target", "pictures", name + ".png");
        BufferedImage picture = ImageIO.read(written.toFile());
        assertEquals(WIDTH, picture.getWidth());
        assertTrue(Files.size(written) > 10_000, "a page that is more than empty");
    }

    private static BufferedImage buffered(Image image) {
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setDataElements(0, 0, image.width(), image.height(), image.pixels());
        return picture;
    }
}
