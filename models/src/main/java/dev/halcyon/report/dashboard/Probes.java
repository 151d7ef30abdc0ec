package dev.halcyon.report.dashboard;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.DataLoader;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Transform;
import dev.halcyon.nn.Model;
import dev.halcyon.report.PngPicture;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A few pictures that the network is asked about again and again while it learns. */
final class Probes implements AutoCloseable {
    /** How many there are, where there are as many images. */
    static final int COUNT = 12;

    /** Classes told of each picture: all where they are few, else the truth and the likeliest others. */
    private static final int MOST_ANSWERS = 10;

    private final Model model;
    private final Tensor images;
    private final int[] labels;
    private final List<byte[]> pictures = new ArrayList<>();

    private Probes(Model model, HostBatch batch) {
        this.model = model;
        this.images = model.prepare(batch);
        this.labels = new int[batch.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (int) batch.labels()[i];
            pictures.add(PngPicture.of(batch, i));
        }
    }

    /** Pictures of a dataset, of each class in turn; none where none of those can be read. */
    static Optional<Probes> of(Model model, Dataset dataset, List<Transform> preparation) {
        DataLoader.Settings settings = DataLoader.Settings.evaluation(COUNT).withWorkers(0);
        try (DataLoader loader = new DataLoader(dataset.subset(inTurn(dataset)), preparation, settings);
                DataLoader.Epoch batches = loader.epoch(0)) {
            HostBatch batch = batches.next();
            return batch.size() == 0 ? Optional.empty() : Optional.of(new Probes(model, batch));
        }
    }

    private static int[] inTurn(Dataset dataset) {
        int[] seen = new int[dataset.classes().size()];
        record Turn(int index, int round) {
        }
        return IntStream.range(0, dataset.size()).mapToObj(i -> new Turn(i, seen[dataset.label(i)]++))
                .sorted(Comparator.comparingInt(Turn::round)).limit(COUNT).mapToInt(Turn::index).toArray();
    }

    /** The pictures as the network sees them, as PNG files. */
    List<byte[]> pictures() {
        return pictures;
    }

    /**
     * What the network answers now, undisturbed in its training: for each picture the true class, and pairs of class and
     * probability.
     */
    JsonArray answers() {
        boolean training = model.network().isTraining();
        model.network().training(false);
        float[] probabilities;
        try (Scope _ = Scope.open()) {
            probabilities = Softmax.softmax(model.forward(images)).toFloats();
        } finally {
            model.network().training(training);
        }
        JsonArray answers = new JsonArray();
        int classes = model.classes().size();
        for (int i = 0; i < labels.length; i++) {
            answers.add(answer(labels[i], probabilities, i * classes));
        }
        return answers;
    }

    private JsonObject answer(int truth, float[] probabilities, int start) {
        int classes = model.classes().size();
        List<Integer> told = IntStream.range(0, classes).boxed()
                .sorted(Comparator.comparingDouble(label -> label == truth ? -2 : -probabilities[start + label]))
                .limit(MOST_ANSWERS).sorted().toList();
        JsonArray rails = new JsonArray();
        for (int label : told) {
            JsonArray rail = new JsonArray();
            rail.add(label);
            rail.add(Math.round(probabilities[start + label] * 1e4) / 1e4);
            rails.add(rail);
        }
        JsonObject json = new JsonObject();
        json.addProperty("truth", truth);
        json.add("rails", rails);
        return json;
    }

    /** Gives the pictures' memory on the device back. */
    @Override
    public void close() {
        images.close();
    }
}
