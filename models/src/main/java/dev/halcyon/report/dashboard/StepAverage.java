package dev.halcyon.report.dashboard;

import dev.halcyon.data.HostBatch;
import dev.halcyon.tensor.Tensor;
import dev.halcyon.train.StepResult;

/** Gathers steps into points of the curves. */
final class StepAverage {
    private long began = System.nanoTime();
    private long images;
    private long hits;
    private double lossSum;
    private StepResult last;

    /** Begins anew: the time until now was not spent on steps. */
    void restart() {
        began = System.nanoTime();
        images = 0;
        hits = 0;
        lossSum = 0;
    }

    /** Counts right answers. */
    void answered(HostBatch batch, Tensor logits) {
        float[] outputs = logits.toFloats();
        int classes = outputs.length / batch.size();
        for (int i = 0; i < batch.size(); i++) {
            int best = 0;
            for (int c = 1; c < classes; c++) {
                best = outputs[i * classes + c] > outputs[i * classes + best] ? c : best;
            }
            hits += best == batch.labels()[i] ? 1 : 0;
        }
    }

    void step(StepResult result) {
        last = result;
        images += result.images();
        lossSum += result.loss() * result.images();
    }

    /** Takes a pause out of the time that steps took. */
    void leaveOut(long nanoseconds) {
        began += nanoseconds;
    }

    /** Time since the last point. */
    long nanoseconds() {
        return System.nanoTime() - began;
    }

    /** What was gathered, as a point; begins anew. */
    Point take(long deviceBytes) {
        double seconds = nanoseconds() / 1e9;
        double epoch = last.epoch() - 1 + (double) last.batch() / last.batches();
        Runtime runtime = Runtime.getRuntime();
        Point point = new Point(epoch, lossSum / images, (double) hits / images, last.lr(), images, seconds,
                deviceBytes, runtime.totalMemory() - runtime.freeMemory());
        restart();
        return point;
    }
}
