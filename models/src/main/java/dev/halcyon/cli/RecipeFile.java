package dev.halcyon.cli;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.halcyon.io.AtomicFile;
import dev.halcyon.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A recipe is a JSON object of {@code train}'s options: {@code {"model": "resnet18", "epochs": 20}}. Options on the
 * command line override it.
 */
final class RecipeFile {
    /** Its name in a run folder. */
    static final String NAME = "recipe.json";

    private RecipeFile() {
    }

    /** The command line with the options of its recipe, or of the run that it resumes, put before its own. */
    static String[] expand(String[] arguments) {
        if (arguments.length == 0 || !arguments[0].equals("train")) {
            return arguments;
        }
        List<String> own = Arrays.asList(arguments).subList(1, arguments.length);
        List<String> expanded = new ArrayList<>(List.of(arguments[0]));
        String run = valueOf(own, "--resume");
        String recipe = valueOf(own, "--recipe");
        if (run != null) {
            expanded.addAll(options(Path.of(run).resolve(NAME)));
        }
        if (recipe != null) {
            expanded.addAll(options(Path.of(recipe)));
        }
        expanded.addAll(own);
        return expanded.toArray(String[]::new);
    }

    private static String valueOf(List<String> arguments, String option) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(option + "=")) {
                return arguments.get(i).substring(option.length() + 1);
            }
            if (arguments.get(i).equals(option) && i + 1 < arguments.size()) {
                return arguments.get(i + 1);
            }
        }
        return null;
    }

    private static List<String> options(Path file) {
        try {
            JsonObject recipe = new Gson().fromJson(Files.readString(file), JsonObject.class);
            List<String> options = new ArrayList<>();
            for (Map.Entry<String, JsonElement> entry : recipe.entrySet()) {
                options.add("--" + entry.getKey().replace('_', '-') + "=" + entry.getValue().getAsString());
            }
            return options;
        } catch (IOException e) {
            throw new FormatException(file + ": expected a recipe, which cannot be read (" + e + ")", e);
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new FormatException(file + ": expected a JSON object of options, found something else: "
                    + e.getMessage(), e);
        }
    }

    /** Writes a run's recipe. */
    static void write(Path folder, JsonObject recipe) throws IOException {
        AtomicFile.writeText(folder.resolve(NAME), Json.text(recipe) + "\n");
    }
}
