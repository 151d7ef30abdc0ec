package dev.halcyon.report;

import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.random.RandomStream;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Asks a model something while it has other weights than its own. */
public final class OtherWeights {
    private OtherWeights() {
    }

    /**
     * The answer to a question.
     *
     * @param weights gives a learned parameter's other values, a new array, from its own
     */
    public static <T> T ask(Model model, BiFunction<Parameter, float[], float[]> weights, Supplier<T> question) {
        List<Parameter> learned = model.network().parameters().stream().filter(Parameter::isLearned).toList();
        Map<Parameter, float[]> own = new LinkedHashMap<>();
        learned.forEach(parameter -> own.put(parameter, parameter.tensor().toFloats()));
        try {
            own.forEach((parameter, values) -> write(parameter, weights.apply(parameter, values)));
            return question.get();
        } finally {
            own.forEach(OtherWeights::write);
        }
    }

    private static void write(Parameter parameter, float[] values) {
        parameter.tensor().upload(MemorySegment.ofArray(values));
    }

    /** Random weights: uniform, with the mean and deviation of a layer's own. What norms learned stays. */
    public static float[] drawn(Parameter parameter, float[] own, long seed) {
        if (parameter.role() != Parameter.Role.WEIGHT) {
            return own;
        }
        double sum = 0;
        double squares = 0;
        for (float value : own) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / own.length;
        double reach = Math.sqrt(3 * Math.max(0, squares / own.length - mean * mean));
        RandomStream random = RandomStream.of(seed, RandomStream.stream("ignorant/" + parameter.name()));
        float[] drawn = new float[own.length];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) (mean + reach * (2.0 * random.nextFloat() - 1));
        }
        return drawn;
    }
}
