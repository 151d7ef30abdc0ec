package dev.halcyon.models;

import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.CenterCrop;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Image;
import dev.halcyon.data.ImageDecoder;
import dev.halcyon.device.Device;
import dev.halcyon.nn.Model;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.Scope;
import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A trained model that names what is in a picture. Used by one thread at a time. */
public final class Classifier implements AutoCloseable {
    private static final int GREY = 1;

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
        Model.Input input = model.input();
        Image sized = new CenterCrop(input.height(), input.width(), 1).apply(image, RandomStream.of(0, 0));
        byte[] pixels = input.channels() == GREY ? grey(sized) : sized.pixels();
        HostBatch batch = new HostBatch(1, input.height(), input.width(), input.channels(),
                MemorySegment.ofArray(pixels), new int[3], new long[1]);
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

    /** Luminance of coloured pixels (ITU-R BT.601). */
    private static byte[] grey(Image image) {
        if (image.channels() == GREY) {
            return image.pixels();
        }
        byte[] pixels = new byte[image.height() * image.width()];
        for (int i = 0; i < pixels.length; i++) {
            int row = i / image.width();
            int column = i % image.width();
            pixels[i] = (byte) Math.round(0.299 * image.at(row, column, 0) + 0.587 * image.at(row, column, 1)
                    + 0.114 * image.at(row, column, 2));
        }
        return pixels;
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
