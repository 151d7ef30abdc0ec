package dev.halcyon.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Files that pages are made of, on the class path. */
public final class PageResource {
    /** Scripts and styles that pages share. */
    public static final List<String> SHARED = List.of("base.css", "contributions.js", "dom.js", "floors.css",
            "floors.js", "format.js", "maps.js", "rail.js", "rails.css", "rails.js", "update.css", "update.js");

    private PageResource() {
    }

    /**
     * The bytes of a file.
     *
     * @param page a class that lies beside the page's own files; those that are {@link #SHARED} lie elsewhere
     * @param name of the file, or its absolute path on the class path
     * @throws UncheckedIOException if there is none
     */
    public static byte[] bytes(Class<?> page, String name) {
        Class<?> home = SHARED.contains(name) ? PageResource.class : page;
        try (InputStream in = home.getResourceAsStream(name)) {
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
