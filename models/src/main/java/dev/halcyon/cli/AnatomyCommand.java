package dev.halcyon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.data.DataException;
import dev.halcyon.data.DataLoader;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.Splits;
import dev.halcyon.device.Device;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.report.anatomy.Anatomy;
import dev.halcyon.report.anatomy.LayerAnatomy;
import dev.halcyon.train.Evaluation;
import dev.halcyon.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what became of a network's connections. */
@Command(name = "anatomy", description = {
    "What became of a network: per layer the connections that faded, the highways that"
            + " carry half of the flow, silent channels, effective rank and change since the first epoch; and how well it"
            + " does with its smallest weights cut."})
final class AnatomyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "A run folder, or a .safetensors file.")
    private Path run;

    @Option(names = "--data", paramLabel = "PATH|NAME",
            description = "Labelled images; their test part if they have one, else all (default: those of the run).")
    private String data;

    @Option(names = "--classes", paramLabel = "CLASS", split = ",",
            description = "Only these classes of the data (default: the model's).")
    private List<String> classes;

    @Option(names = "--prune", paramLabel = "SHARE", split = ",", defaultValue = "0,0.5,0.8,0.9,0.95,0.98",
            description = "Shares of all weights to cut, the smallest first (default: ${DEFAULT-VALUE}).")
    private List<Double> shares;

    @Option(names = "--batch-size", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "128",
            description = "Images at a time (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Double> ascending = shares.stream().sorted().distinct().toList();
        if (ascending.getFirst() < 0 || !(ascending.getLast() <= 1)) {
            throw new ParameterException(spec.commandLine(),
                    "--prune: expected shares from 0 to 1, such as 0.5,0.9, found " + shares);
        }
        TrainedModel trained = TrainedModel.at(run);
        Path first = trained.file().resolveSibling(Trainer.FIRST_WEIGHTS);
        try (Device device = common.open(); Model model = Models.load(trained.file(), device)) {
            Dataset images = images(model);
            Anatomy anatomy = new Anatomy(model);
            List<LayerAnatomy> layers =
                    anatomy.layers(() -> evaluate(model, images),
                            Files.exists(first) ? weights(first, device) : Map.of());
            List<Anatomy.Pruned> pruned = anatomy.prune(ascending, () -> evaluate(model, images));
            PrintWriter out = spec.commandLine().getOut();
            if (common.json()) {
                out.println(Json.text(json(layers, pruned)));
            } else {
                print(layers, pruned, out);
            }
            return 0;
        }
    }

    private Dataset images(Model model) {
        String chosen = data != null ? data : RecipeFile.option(run, "data").orElseThrow(() -> new ParameterException(
                spec.commandLine(), run + " does not say which data it was trained on; name images with --data"));
        Splits splits = OpenedData.open(chosen, classes != null ? classes : model.classes(), false,
                spec.commandLine().getErr());
        if (!model.classes().equals(splits.classes())) {
            throw new DataException("expected data of the model's classes " + model.classes() + ", found "
                    + splits.classes() + "; choose with --classes");
        }
        return splits.test().orElse(splits.train());
    }

    private Evaluation evaluate(Model model, Dataset images) {
        return Evaluation.of(model, images, List.of(Preparation.forEvaluation(model.input())),
                DataLoader.Settings.evaluation(batchSize));
    }

    private static Map<String, float[]> weights(Path file, Device device) {
        try (Model model = Models.load(file, device)) {
            Map<String, float[]> weights = new HashMap<>();
            for (Parameter parameter : model.network().parameters()) {
                if (parameter.role() == Parameter.Role.WEIGHT) {
                    weights.put(parameter.name(), parameter.tensor().toFloats());
                }
            }
            return weights;
        }
    }

    private static void print(List<LayerAnatomy> layers, List<Anatomy.Pruned> pruned, PrintWriter out) {
        int width = layers.stream().mapToInt(layer -> layer.name().length()).max().orElse(0);
        out.printf("%-" + width + "s  %-18s  connections   faded  highways       silent   effective rank  change%n",
                "layer", "shape");
        for (LayerAnatomy layer : layers) {
            out.printf(Locale.ROOT,
                    "%-" + width + "s  %-18s  %,11d  %4.1f %%    %4.1f %%  %4d of %4d  %6.1f of %4d  %s%n",
                    layer.name(), layer.shape(), layer.connections(), 100 * layer.faded(), 100 * layer.highways(),
                    layer.silent(), layer.channels(), layer.effectiveRank(), layer.rank(),
                    layer.change().isEmpty() ? "     –"
                            : String.format(Locale.ROOT, "%4.0f %%", 100 * layer.change().getAsDouble()));
        }
        out.printf("%n   cut    remaining   top-1     loss%n");
        for (Anatomy.Pruned cut : pruned) {
            out.printf(Locale.ROOT, "%4.0f %%  %,11d  %5.2f %%  %7.4f%n", 100 * cut.share(), cut.remaining(),
                    100 * cut.evaluation().top1(), cut.evaluation().loss());
        }
    }

    private static JsonObject json(List<LayerAnatomy> layers, List<Anatomy.Pruned> pruned) {
        JsonArray layerList = new JsonArray();
        for (LayerAnatomy layer : layers) {
            JsonObject entry = new JsonObject();
            entry.addProperty("name", layer.name());
            JsonArray shape = new JsonArray();
            for (int axis = 0; axis < layer.shape().rank(); axis++) {
                shape.add(layer.shape().extent(axis));
            }
            entry.add("shape", shape);
            entry.addProperty("connections", layer.connections());
            entry.addProperty("faded", Json.rounded(layer.faded()));
            entry.addProperty("highways", Json.rounded(layer.highways()));
            entry.addProperty("silent_channels", layer.silent());
            entry.addProperty("channels", layer.channels());
            entry.addProperty("effective_rank", Json.rounded(layer.effectiveRank()));
            entry.addProperty("rank", layer.rank());
            entry.addProperty("change", layer.change().isEmpty() ? null : Json.rounded(layer.change().getAsDouble()));
            layerList.add(entry);
        }
        JsonArray pruning = new JsonArray();
        for (Anatomy.Pruned cut : pruned) {
            JsonObject entry = Json.summary(cut.evaluation());
            entry.addProperty("cut", cut.share());
            entry.addProperty("remaining", cut.remaining());
            pruning.add(entry);
        }
        JsonObject json = new JsonObject();
        json.add("layers", layerList);
        json.add("pruning", pruning);
        return json;
    }
}
