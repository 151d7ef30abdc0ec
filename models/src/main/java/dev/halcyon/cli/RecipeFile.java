package dev.halcyon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.halcyon.io.AtomicFile;
import dev.halcyon.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A recipe is a JSON object of {@code train}'s options: {@code {"model": "resnet18", "epochs": 20}}. Options on the
 * command line override it.
 */
final class RecipeFile {
    /** Its name in a run folder. */
    static final String NAME = "recipe.json";
    private static final String EXPECTED = ": expected a JSON object of options such as {\"epochs\": 20}";

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
            Path file = Path.of(run).resolve(NAME);
            if (!Files.exists(file)) {
                throw new FormatException(run + ": expected a run folder to go on with, found no " + NAME + " in it");
            }
            expanded.addAll(options(file));
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
        CommandSpec train = new CommandLine(new TrainCommand()).getCommandSpec();
        List<String> options = new ArrayList<>();
        read(file).asMap().forEach((key, value) -> {
            OptionSpec option = train.findOption("--" + key.replace('_', '-'));
            if (option == null || !value.isJsonPrimitive()) {
                throw new FormatException(file + ": '" + key + "' with the value " + value
                        + " is no option of train; see 'halcyon train --help'");
            }
            options.addAll(arguments(option, value.getAsString()));
        });
        return options;
    }

    private static JsonObject read(Path file) {
        try {
            if (!(JsonParser.parseString(Files.readString(file)) instanceof JsonObject recipe)) {
                throw new FormatException(file + EXPECTED + ", found another kind of JSON");
            }
            return recipe;
        } catch (NoSuchFileException e) {
            throw new FormatException(file + ": expected a recipe, found no such file", e);
        } catch (IOException e) {
            throw new FormatException(file + ": expected a recipe, which cannot be read (" + e.getMessage() + ")", e);
        } catch (JsonParseException e) {
            throw new FormatException(file + EXPECTED + ", found no JSON: " + e.getMessage(), e);
        }
    }

    /** A flag is there or not; other options have their value behind them. */
    private static List<String> arguments(OptionSpec option, String value) {
        if (option.arity().max() == 0) {
            return Boolean.parseBoolean(value) ? List.of(option.longestName()) : List.of();
        }
        return List.of(option.longestName() + "=" + value);
    }

    /** The value of an option in a run's recipe, if it is a run folder with a recipe that has it. */
    static Optional<String> option(Path run, String key) {
        Path file = run.resolve(NAME);
        return Files.exists(file) ? Optional.ofNullable(read(file).get(key)).filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsString) : Optional.empty();
    }

    /** Writes a run's recipe. */
    static void write(Path folder, JsonObject recipe) throws IOException {
        AtomicFile.writeText(folder.resolve(NAME), Json.text(recipe) + "\n");
    }
}
