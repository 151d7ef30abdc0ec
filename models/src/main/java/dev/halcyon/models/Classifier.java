package dev.halcyon.models;

import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Image;
import dev.halcyon.data.ImageDecoder;
import dev.halcyon.device.Device;
import dev.halcyon.nn.Model;
import dev.halcyon.tensor.Scope;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A trained model that names what is in a picture. Used by one thread at a time. */
public final class Classifier implements AutoCloseable {
    private final Model model;

    private Classifier(Model model) {
        this.model = model;
        model.network().training(false);
    }

    /** Loads a model that Halcyon saved, onto a device that the caller closes. */
    public static Classifier load(Path file, Device device) {
        return of(Models.load(file, device));
    }

    /** A classifier that takes over a model. */
    public static Classifier of(Model model) {
        return new Classifier(model);
    }

    /** All classes with their probabilities, the most probable first. */
    public List<Prediction> predict(BufferedImage picture) {
        return predict(ImageDecoder.of(picture));
    }

    /** All classes with their probabilities, the most probable first. */
    public List<Prediction> predict(Image image) {
        HostBatch batch = PictureBatch.of(model.input(), image);
        try (Scope _ = Scope.open()) {
            float[] probabilities = Softmax.softmax(model.forward(model.prepare(batch))).toFloats();
            List<Prediction> predictions = new ArrayList<>();
            for (int i = 0; i < probabilities.length; i++) {
                predictions.add(new Prediction(model.classes().get(i), probabilities[i]));
            }
            predictions.sort(Comparator.comparingDouble(Prediction::probability).reversed());
            return List.copyOf(predictions);
        }
    }

    /** Names of the classes. */
    public List<String> classes() {
        return model.classes();
    }

    /** Releases the model. */
    @Override
    public void close() {
        model.close();
    }
}
