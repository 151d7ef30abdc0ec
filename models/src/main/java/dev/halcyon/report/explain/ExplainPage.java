package dev.halcyon.report.explain;

import com.github.mustachejava.DefaultMustacheFactory;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.halcyon.io.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** The page about one picture: one file that needs nothing else. */
public final class ExplainPage {
    private static final String SHARED = "/dev/halcyon/report/dashboard/";
    private static final Map<String, String> MODULES = modules();

    private ExplainPage() {
    }

    /** Where the page's scripts lie on the class path. */
    private static Map<String, String> modules() {
        Map<String, String> modules = new LinkedHashMap<>();
        modules.put("dom.js", SHARED + "dom.js");
        modules.put("format.js", SHARED + "format.js");
        for (String name : new String[] {"rails.js", "maps.js", "floors.js", "looked.js", "update.js", "explain.js"}) {
            modules.put(name, name);
        }
        return modules;
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @param explanation what {@link Explanation#compute} gave
     * @param title of the page
     * @throws IOException if that fails; an old page is as it was
     */
    public static void write(Path file, JsonObject explanation, String title) throws IOException {
        JsonObject imports = new JsonObject();
        for (Map.Entry<String, String> module : MODULES.entrySet()) {
            // a module without an address of its own cannot name its neighbours by path
            String script = read(module.getValue()).replace("from './", "from 'halcyon/");
            imports.addProperty("halcyon/" + module.getKey(), "data:text/javascript;base64,"
                    + Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8)));
        }
        JsonObject importMap = new JsonObject();
        importMap.add("imports", imports);
        StringWriter page = new StringWriter();
        new DefaultMustacheFactory().compile(new StringReader(read("explain.html.mustache")), "explain")
                .execute(page, Map.of("title", title, "style", read("explain.css"), "imports", inScript(importMap),
                        "data", inScript(explanation)));
        AtomicFile.writeText(file, page.toString());
    }

    /** JSON that cannot end the element it stands in: less-than signs are escaped. */
    private static String inScript(JsonObject json) {
        return new GsonBuilder().create().toJson(json);
    }

    private static String read(String path) throws IOException {
        try (InputStream in = ExplainPage.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IOException("the class path has no " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
