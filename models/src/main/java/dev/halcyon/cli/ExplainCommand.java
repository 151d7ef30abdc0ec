package dev.halcyon.cli;

import com.google.gson.JsonObject;
import dev.halcyon.data.DataException;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.ImageDecoder;
import dev.halcyon.device.Device;
import dev.halcyon.io.FormatException;
import dev.halcyon.models.Models;
import dev.halcyon.models.PictureBatch;
import dev.halcyon.nn.Model;
import dev.halcyon.report.explain.ExplainPage;
import dev.halcyon.report.explain.Explanation;
import dev.halcyon.text.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a page that shows what a network does with one picture. */
@Command(name = "explain",
        description = "One page about one picture: the answer, the rubber bands, who said what on the"
                + " way up, who is blamed on the way down, what one step would change, and where the network looked.")
final class ExplainCommand implements Callable<Integer> {
    private static final double USUAL_RATE = 0.01;

    @Parameters(index = "0", paramLabel = "RUN",
            description = "A run folder, or a .safetensors file that Halcyon wrote.")
    private Path run;

    @Parameters(index = "1", paramLabel = "IMAGE", description = "The picture.")
    private Path image;

    @Option(names = "--label", paramLabel = "CLASS",
            description = "The true class (default: the folder that the picture lies in, if that is a class, else the"
                    + " answer).")
    private String label;

    @Option(names = "--lr", paramLabel = "X",
            description = "Learning rate of the step (default: the run's, or " + USUAL_RATE + ").")
    private Double rate;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "explain.html",
            description = "The page (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(image)) {
            throw new DataException(image + ": there is no such image");
        }
        try (Device device = common.open(); Model model = Models.load(TrainedModel.at(run).file(), device)) {
            HostBatch picture = PictureBatch.of(model.input(), ImageDecoder.decode(image));
            JsonObject explanation = new Explanation(model, picture, truth(model, picture)).compute(rate());
            ExplainPage.write(out, explanation, image.getFileName().toString());
            if (common.json()) {
                spec.commandLine().getOut().println(Json.text(explanation));
            } else {
                spec.commandLine().getOut().println(summary(model, explanation));
            }
            return 0;
        }
    }

    private String summary(Model model, JsonObject explanation) {
        int truth = explanation.get("truth").getAsInt();
        return String.format(Locale.ROOT, "%s: %s %.3f, after one step %.3f; page: %s", image,
                model.classes().get(truth), explanation.getAsJsonArray("probabilities").get(truth).getAsDouble(),
                explanation.getAsJsonObject("update").getAsJsonArray("probabilities").get(truth).getAsDouble(), out);
    }

    private int truth(Model model, HostBatch picture) {
        if (label != null) {
            int index = model.classes().indexOf(label);
            if (index < 0) {
                throw new ParameterException(spec.commandLine(), "--label: the model has no class '" + label + "'"
                        + Suggestion.among(label, model.classes()));
            }
            return index;
        }
        Path folder = image.toAbsolutePath().normalize().getParent().getFileName();
        int index = folder == null ? -1 : model.classes().indexOf(folder.toString());
        return index >= 0 ? index : Explanation.answer(model, picture);
    }

    private double rate() {
        if (rate != null) {
            return rate;
        }
        return RecipeFile.option(run, "lr").map(text -> {
            try {
                return Double.valueOf(text);
            } catch (NumberFormatException e) {
                throw new FormatException(run + ": expected a learning rate in the recipe, found '" + text + "'", e);
            }
        }).orElse(USUAL_RATE);
    }
}
