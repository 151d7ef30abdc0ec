package dev.halcyon.train;

import dev.halcyon.data.DataLoader;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Transform;
import dev.halcyon.loss.Losses;
import dev.halcyon.nn.Model;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/**
 * How well a model does on a dataset.
 *
 * @param images how many were looked at
 * @param loss mean cross-entropy
 * @param top1 share whose class had the largest output
 * @param top5 share whose class was among the five largest outputs
 * @param confusion [true class][predicted class], counts
 */
public record Evaluation(long images, double loss, double top1, double top5, long[][] confusion) {
    private static final int TOP = 5;

    /** What is known of one class. */
    public record PerClass(double precision, double recall, double f1, long support) {
    }

    /**
     * Looks at every image of a dataset once.
     *
     * @param transforms that bring images to the model's input size
     */
    public static Evaluation of(Model model, Dataset dataset, List<? extends Transform> transforms,
            DataLoader.Settings settings) {
        boolean training = model.network().isTraining();
        model.network().training(false);
        try (DataLoader loader = new DataLoader(dataset, transforms, settings);
                DataLoader.Epoch batches = loader.epoch(0)) {
            Counts counts = new Counts(model.classes().size());
            while (batches.hasNext()) {
                HostBatch batch = batches.next();
                if (batch.size() > 0) {
                    counts.add(model, batch);
                }
            }
            return counts.result();
        } finally {
            model.network().training(training);
        }
    }

    /** Precision, recall, their harmonic mean and the number of images of a class; 0 where there is nothing to divide. */
    public PerClass perClass(int label) {
        long hits = confusion[label][label];
        long support = 0;
        long predicted = 0;
        for (int other = 0; other < confusion.length; other++) {
            support += confusion[label][other];
            predicted += confusion[other][label];
        }
        double precision = predicted == 0 ? 0 : (double) hits / predicted;
        double recall = support == 0 ? 0 : (double) hits / support;
        double f1 = hits == 0 ? 0 : 2 * precision * recall / (precision + recall);
        return new PerClass(precision, recall, f1, support);
    }

    /** Top-1 and top-5 in percent, as people read them; of five classes or fewer, where top-5 says nothing, top-1 alone. */
    public String accuracies() {
        String first = String.format(Locale.ROOT, "top-1 %.2f %%", 100 * top1);
        return confusion.length <= TOP ? first : first + String.format(Locale.ROOT, ", top-5 %.2f %%", 100 * top5);
    }

    private static final class Counts {
        private final long[][] confusion;
        private long images;
        private double loss;
        private long hits;
        private long nearHits;

        Counts(int classes) {
            confusion = new long[classes][classes];
        }

        void add(Model model, HostBatch batch) {
            try (Scope _ = Scope.open()) {
                Tensor logits = model.forward(model.prepare(batch));
                loss += Losses.crossEntropy(logits, model.labels(batch)).item() * batch.size();
                float[] outputs = logits.toFloats();
                for (int i = 0; i < batch.size(); i++) {
                    count(outputs, i * confusion.length, (int) batch.labels()[i]);
                }
            }
        }

        private void count(float[] outputs, int start, int label) {
            int larger = 0;
            int best = 0;
            for (int c = 0; c < confusion.length; c++) {
                larger += outputs[start + c] > outputs[start + label] ? 1 : 0;
                best = outputs[start + c] > outputs[start + best] ? c : best;
            }
            images++;
            confusion[label][best]++;
            hits += best == label ? 1 : 0;
            nearHits += larger < TOP ? 1 : 0;
        }

        Evaluation result() {
            double n = Math.max(1, images);
            return new Evaluation(images, loss / n, hits / n, nearHits / n, confusion);
        }
    }
}
