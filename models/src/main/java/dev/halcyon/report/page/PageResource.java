package dev.halcyon.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** Files that pages are made of, on the class path. */
public final class PageResource {
    /** Scripts and styles that pages share. */
    private static final Set<String> SHARED = Set.of("bands.css", "bands.js", "base.css", "contributions.js", "dom.js",
            "floors.css", "floors.js", "format.js", "maps.js", "rail.js", "rails.css", "rails.js", "update.css",
            "update.js");
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    /** Those of the charting library. */
    private static final Map<String, String> CHARTS =
            Map.of("uplot.js", UPLOT + "uPlot.esm.js", "uplot.css", UPLOT + "uPlot.min.css");

    private PageResource() {
    }

    /**
     * The bytes of a file.
     *
     * @param page a class that lies beside the page's own files
     * @param name of the file; of those that pages share, wherever they lie
     * @throws UncheckedIOException if there is none
     */
    public static byte[] bytes(Class<?> page, String name) {
        Class<?> home = SHARED.contains(name) ? PageResource.class : page;
        try (InputStream in = home.getResourceAsStream(CHARTS.getOrDefault(name, name))) {
            if (in == null) {
                throw new IOException("the class path has no " + name + " for " + home.getPackageName());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Class<?> page, String name) {
        return new String(bytes(page, name), StandardCharsets.UTF_8);
    }
}
