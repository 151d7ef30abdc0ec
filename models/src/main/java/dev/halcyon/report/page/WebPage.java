package dev.halcyon.report.page;

import com.github.mustachejava.DefaultMustacheFactory;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.halcyon.io.AtomicFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A page that is one file and needs nothing else: styles, scripts and data are in it.
 *
 * @param home a class that lies beside the page's own files
 * @param template of the body, for mustache
 * @param styles names of style sheets, in their order
 * @param scripts names of modules, the last of which is run
 */
public record WebPage(Class<?> home, String template, List<String> styles, List<String> scripts) {

    /**
     * Writes the page, whole or not at all; folders that are missing are made.
     *
     * @param words what the template is filled with; {@code title} is the page's title, too
     * @param data what the scripts read
     * @throws IOException if that fails; an old page is as it was
     */
    public void write(Path file, Map<String, ?> words, JsonObject data) throws IOException {
        Map<String, Object> whole = new HashMap<>(words);
        whole.put("style", styles.stream().map(name -> PageResource.text(home, name)).collect(Collectors.joining()));
        whole.put("imports", inScript(imports()));
        whole.put("data", inScript(data));
        whole.put("body", filled(PageResource.text(home, template), words));
        whole.put("entry", scripts.getLast());
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFile.writeText(file, filled(PageResource.text(PageResource.class, "page.mustache"), whole));
    }

    /** JSON that cannot end the element it stands in: Gson escapes less-than signs. */
    private static String inScript(JsonObject json) {
        return new Gson().toJson(json);
    }

    private static String filled(String template, Map<String, ?> words) {
        StringWriter text = new StringWriter();
        new DefaultMustacheFactory().compile(new StringReader(template), "page").execute(text, words);
        return text.toString();
    }

    /** The modules by name: one without an address of its own cannot name its neighbours by path. */
    private JsonObject imports() {
        JsonObject addresses = new JsonObject();
        for (String name : scripts) {
            String script = PageResource.text(home, name).replace("from './", "from 'halcyon/");
            addresses.addProperty("halcyon/" + name, "data:text/javascript;base64,"
                    + Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8)));
        }
        JsonObject map = new JsonObject();
        map.add("imports", addresses);
        return map;
    }
}
