package dev.halcyon.report.bird;

import com.google.gson.JsonObject;
import dev.halcyon.report.page.WebPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The page that tells the story in five steps. */
public final class BirdPage {
    private static final WebPage PAGE = new WebPage(BirdPage.class, "bird.mustache",
            List.of("base.css", "uplot.css", "rails.css", "floors.css", "update.css", "bands.css", "bird.css"),
            List.of("dom.js", "format.js", "maps.js", "rail.js", "rails.js", "contributions.js", "floors.js",
                    "update.js",
                    "bands.js", "uplot.js", "company.js", "learning.js", "results.js", "bird.js"));

    private BirdPage() {
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @param told what {@link BirdStory#tell} gave
     * @throws IOException if that fails; an old page is as it was
     */
    public static void write(Path file, BirdStory.Told told) throws IOException {
        JsonObject page = told.page();
        PAGE.write(file, Map.of("title", "Is there a bird in this picture?", "drawn",
                page.get("drawn").getAsBoolean(), "weights", String.format("%,d", page.get("weights").getAsLong())),
                page);
    }
}
