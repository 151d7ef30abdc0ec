package dev.halcyon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.data.DataException;
import dev.halcyon.data.ImageDecoder;
import dev.halcyon.device.Device;
import dev.halcyon.models.Classifier;
import dev.halcyon.models.Prediction;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names what is in pictures. */
@Command(name = "predict",
        description = "Classes of images with their probabilities.")
final class PredictCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN",
            description = "A run folder, or a .safetensors file that Halcyon wrote.")
    private Path run;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Images, or folders of them.")
    private List<Path> images;

    @Option(names = "--top", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "5",
            description = "Classes to show for each (default: ${DEFAULT-VALUE}).")
    private int top;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Path> files = files();
        PrintWriter out = spec.commandLine().getOut();
        JsonArray results = new JsonArray();
        int failures = 0;
        try (Device device = common.open(); Classifier classifier = Classifier.of(
                TrainedModel.at(run).load(null, Optional.empty(), device))) {
            for (Path file : files) {
                try {
                    List<Prediction> predictions = classifier.predict(ImageDecoder.decode(file));
                    List<Prediction> shown = predictions.subList(0, Math.min(top, predictions.size()));
                    results.add(json(file, shown));
                    if (!common.json()) {
                        out.println(file + ": " + text(shown));
                    }
                } catch (DataException e) {
                    failures++;
                    spec.commandLine().getErr().println("halcyon: " + e.getMessage());
                }
            }
        }
        if (common.json()) {
            out.println(Json.text(results));
        }
        return failures == 0 ? 0 : 1;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path image : images) {
            if (Files.isDirectory(image)) {
                List<Path> inside = filesIn(image);
                if (inside.isEmpty()) {
                    throw new DataException(image + ": expected images in this folder, found no file");
                }
                files.addAll(inside);
            } else if (Files.exists(image)) {
                files.add(image);
            } else {
                throw new DataException(image + ": there is no such image");
            }
        }
        return files;
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> inside = Files.walk(folder)) {
            return inside.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String text(List<Prediction> predictions) {
        return String.join(", ", predictions.stream()
                .map(p -> String.format(Locale.ROOT, "%s %.3f", p.label(), p.probability())).toList());
    }

    private static JsonObject json(Path file, List<Prediction> predictions) {
        JsonObject json = new JsonObject();
        json.addProperty("image", file.toString());
        JsonArray list = new JsonArray();
        for (Prediction prediction : predictions) {
            JsonObject entry = new JsonObject();
            entry.addProperty("class", prediction.label());
            entry.addProperty("probability", Json.rounded(prediction.probability()));
            list.add(entry);
        }
        json.add("predictions", list);
        return json;
    }
}
