package dev.halcyon.report.dashboard;

import com.google.gson.JsonObject;
import dev.halcyon.device.View;
import dev.halcyon.nn.Parameter;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * One layer's weights and gradients just before a step: a sample of them, in blocks spread evenly over the tensor, as
 * large tensors take long to copy from a device.
 */
final class LayerSample {
    private static final int BLOCKS = 8;
    private static final int BLOCK = 512;
    /** Decimal logarithms of update/weight ratios that histograms reach from and to. */
    private static final float LEAST_RATIO = -8;
    private static final float LARGEST_RATIO = 0;

    private final Parameter weight;
    private final float[] before;
    private final float[] gradients;

    private LayerSample(Parameter weight, float[] before, float[] gradients) {
        this.weight = weight;
        this.before = before;
        this.gradients = gradients;
    }

    /** Reads a layer's weights before a step. */
    static LayerSample before(Parameter weight) {
        return new LayerSample(weight, read(weight.tensor()), read(weight.tensor().gradient()));
    }

    /** Reads them again after the step, and tells what is to be seen. */
    JsonObject after() {
        float[] now = read(weight.tensor());
        float[] ratios = new float[now.length];
        double updateSquares = 0;
        double weightSquares = 0;
        for (int i = 0; i < now.length; i++) {
            float update = Math.abs(now[i] - before[i]);
            ratios[i] = update == 0 ? LEAST_RATIO : (float) Math.log10(update / Math.abs(before[i]));
            updateSquares += (double) update * update;
            weightSquares += (double) before[i] * before[i];
        }
        JsonObject json = new JsonObject();
        json.addProperty("name", weight.name());
        json.addProperty("shape", weight.shape().toString());
        json.add("weights", Histogram.aroundZero(before).toJson());
        json.add("gradients", Histogram.aroundZero(gradients).toJson());
        json.add("ratios", Histogram.between(LEAST_RATIO, LARGEST_RATIO, ratios).toJson());
        json.add("ratio", Numbers.shortened(Math.sqrt(updateSquares / weightSquares)));
        return json;
    }

    private static float[] read(Tensor tensor) {
        int elements = (int) Math.min(tensor.shape().elements(), Integer.MAX_VALUE);
        if (elements <= BLOCKS * BLOCK) {
            return tensor.toFloats();
        }
        View all = tensor.view();
        float[] block = new float[BLOCK];
        float[] sample = new float[BLOCKS * BLOCK];
        for (int i = 0; i < BLOCKS; i++) {
            long first = (all.elements() - BLOCK) * i / (BLOCKS - 1);
            View part = new View(all.buffer(), all.offset() + first * all.type().bytes(), Shape.of(BLOCK), all.type());
            tensor.device().backend().download(part, MemorySegment.ofArray(block));
            System.arraycopy(block, 0, sample, i * BLOCK, BLOCK);
        }
        return sample;
    }
}
