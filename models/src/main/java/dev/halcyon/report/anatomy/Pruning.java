package dev.halcyon.report.anatomy;

import dev.halcyon.nn.Parameter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Sets the smallest weights of a network to zero, more with every cut. */
final class Pruning {
    private final List<Parameter> parameters;
    private final List<float[]> weights;
    /** |w| of all weights, ascending. */
    private final float[] sizes;
    private int gone;

    Pruning(List<Parameter> parameters) {
        this.parameters = parameters;
        this.weights = parameters.stream().map(parameter -> parameter.tensor().toFloats()).toList();
        this.sizes = new float[Math.toIntExact(weights.stream().mapToLong(values -> values.length).sum())];
        int next = 0;
        for (float[] values : weights) {
            for (float value : values) {
                sizes[next++] = Math.abs(value);
            }
        }
        Arrays.sort(sizes);
    }

    /** Leaves the largest weights only; of those of one size at the limit, the later ones. */
    void cut(double share) {
        gone = (int) Math.floor(share * sizes.length);
        if (gone == 0) {
            return;
        }
        float limit = sizes[gone - 1];
        int first = Arrays.binarySearch(sizes, limit);
        while (first > 0 && sizes[first - 1] == limit) {
            first--;
        }
        int atLimit = gone - first;
        for (int i = 0; i < weights.size(); i++) {
            float[] kept = weights.get(i).clone();
            for (int k = 0; k < kept.length; k++) {
                float size = Math.abs(kept[k]);
                if (size < limit || size == limit && atLimit-- > 0) {
                    kept[k] = 0;
                }
            }
            parameters.get(i).tensor().upload(MemorySegment.ofArray(kept));
        }
    }

    /** How many weights are left. */
    long remaining() {
        return sizes.length - gone;
    }
}
