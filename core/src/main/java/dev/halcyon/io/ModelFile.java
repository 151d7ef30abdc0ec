package dev.halcyon.io;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.nn.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trained model in one safetensors file: the weights, and in the metadata what is needed to use them: architecture,
 * classes, size and normalisation of the images.
 */
public final class ModelFile {
    private static final String ARCHITECTURE = "halcyon.architecture";
    private static final String CLASSES = "halcyon.classes";
    private static final String INPUT = "halcyon.input";

    private ModelFile() {
    }

    /**
     * What a file says of its model.
     *
     * @param architecture the name by which the network is made
     * @param input the images it reads
     * @param classes names of its outputs
     */
    public record Description(String architecture, Model.Input input, List<String> classes) {
    }

    /** The input in the file's form. */
    private record InputText(int height, int width, float[] mean, float[] deviation) {
    }

    /**
     * Saves a model, whole or not at all.
     *
     * @throws IOException if that fails; an old file is as it was
     */
    public static void save(Path file, Model model) throws IOException {
        Model.Input input = model.input();
        Gson gson = new Gson();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.put(ARCHITECTURE, model.architecture());
        metadata.put(CLASSES, gson.toJson(model.classes()));
        metadata.put(INPUT, gson.toJson(new InputText(input.height(), input.width(), input.normalization().mean(),
                input.normalization().deviation())));
        Weights.save(file, model.network(), metadata);
    }

    /** What a file says of its model, if Halcyon wrote it. */
    public static Optional<Description> describe(SafeTensors file) {
        Map<String, String> metadata = file.metadata();
        if (!metadata.containsKey(ARCHITECTURE)) {
            return Optional.empty();
        }
        try {
            Gson gson = new Gson();
            InputText input = gson.fromJson(metadata.get(INPUT), InputText.class);
            String[] classes = gson.fromJson(metadata.get(CLASSES), String[].class);
            return Optional.of(new Description(metadata.get(ARCHITECTURE), new Model.Input(input.height, input.width,
                    new NormalizeImages(input.mean, input.deviation)), List.of(classes)));
        } catch (JsonSyntaxException | NullPointerException | IllegalArgumentException e) {
            throw new FormatException(file.file() + ": what it says of its model cannot be read: " + e.getMessage(), e);
        }
    }
}
