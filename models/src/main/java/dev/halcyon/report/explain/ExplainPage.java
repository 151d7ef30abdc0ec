package dev.halcyon.report.explain;

import com.google.gson.JsonObject;
import dev.halcyon.report.page.WebPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The page about one picture. */
public final class ExplainPage {
    private static final WebPage PAGE = new WebPage(ExplainPage.class, "explain.mustache",
            List.of("base.css", "rails.css", "floors.css", "update.css", "explain.css"),
            List.of("dom.js", "format.js", "maps.js", "rail.js", "rails.js", "contributions.js", "floors.js",
                    "update.js",
                    "looked.js", "explain.js"));

    private ExplainPage() {
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @param explanation what {@link Explanation#compute} gave
     * @param title of the page
     * @throws IOException if that fails; an old page is as it was
     */
    public static void write(Path file, JsonObject explanation, String title) throws IOException {
        PAGE.write(file, Map.of("title", title), explanation);
    }
}
