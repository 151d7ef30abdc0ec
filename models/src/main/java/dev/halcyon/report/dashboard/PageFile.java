package dev.halcyon.report.dashboard;

import dev.halcyon.report.page.PageResource;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One file of the page.
 *
 * @param type its media type
 * @param content its bytes
 */
record PageFile(String type, byte[] content) {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";
    private static final List<String> SCRIPTS_AND_STYLES = List.of("base.css", "dashboard.css", "dashboard.js",
            "bands.js", "confusion.js", "controls.js", "curves.js", "dom.js", "filters.js", "format.js", "layers.js",
            "maps.js", "rail.js", "thinning.js");

    /**
     * All files of the page by their names, from the class path.
     *
     * @throws UncheckedIOException if one cannot be read
     */
    static Map<String, PageFile> all() {
        Map<String, PageFile> files = new HashMap<>();
        files.put("", read("index.html"));
        SCRIPTS_AND_STYLES.forEach(name -> files.put(name, read(name)));
        files.put("uplot.js", read(UPLOT + "dist/uPlot.esm.js"));
        files.put("uplot.css", read(UPLOT + "dist/uPlot.min.css"));
        return Map.copyOf(files);
    }

    private static PageFile read(String path) {
        return new PageFile(type(path), PageResource.bytes(PageFile.class, path));
    }

    private static String type(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            default -> "text/javascript; charset=utf-8";
        };
    }
}
