package dev.halcyon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.models.Architecture;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the zoo. */
@Command(name = "models", description = "Lists the networks there are.")
final class ModelsCommand implements Callable<Integer> {
    @Option(names = "--classes", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "10",
            description = "Number of classes to count parameters for (default: ${DEFAULT-VALUE}).")
    private int classes;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonArray list = new JsonArray();
        for (Architecture architecture : Models.all()) {
            Model.Input input = architecture.typicalInput();
            ModelSize size = ModelSize.of(architecture, input, classes);
            JsonObject entry = new JsonObject();
            entry.addProperty("name", architecture.name());
            entry.addProperty("description", architecture.description());
            entry.addProperty("input", input.toString());
            entry.addProperty("parameters", size.parameters());
            entry.addProperty("multiply_adds", size.multiplyAdds());
            list.add(entry);
            if (!output.json()) {
                spec.commandLine().getOut().printf(Locale.ROOT,
                        "%-11s %9s  %,10d parameters  %9.1f M multiply-adds  %s%n",
                        architecture.name(), input, size.parameters(), size.multiplyAdds() / 1e6,
                        architecture.description());
            }
        }
        if (output.json()) {
            spec.commandLine().getOut().println(Json.text(list));
        }
        return 0;
    }
}
