package dev.halcyon.optim;

import dev.halcyon.device.Backend;
import dev.halcyon.device.View;
import dev.halcyon.nn.Parameter;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parameters that one call of the backend moves together, with what the optimiser remembers of each. */
final class ParameterGroup implements AutoCloseable {
    private final List<Parameter> parameters;
    private final List<List<Tensor>> memories = new ArrayList<>();
    private final List<String> memoryNames;
    private final boolean decayed;

    /**
     * Learned parameters, or of those the ones to be decayed, or the others.
     *
     * @param memoryNames what is remembered per parameter, such as {@code momentum}; starts at zero
     */
    private ParameterGroup(List<Parameter> parameters, boolean decayed, List<String> memoryNames) {
        this.parameters = parameters;
        this.decayed = decayed;
        this.memoryNames = memoryNames;
        for (int i = 0; i < memoryNames.size(); i++) {
            memories.add(parameters.stream().map(Parameter::tensor)
                    .map(t -> Tensor.zeros(t.device(), t.type(), t.shape())).toList());
        }
    }

    /** One group, or two if biases and normalisations are not decayed. */
    static List<ParameterGroup> of(List<Parameter> parameters, boolean decayWeightsOnly, List<String> memoryNames) {
        List<Parameter> learned = parameters.stream().filter(Parameter::isLearned).toList();
        if (learned.isEmpty()) {
            throw new IllegalArgumentException("optimizer: expected parameters to learn, found none");
        }
        if (!decayWeightsOnly) {
            return List.of(new ParameterGroup(learned, true, memoryNames));
        }
        List<ParameterGroup> groups = new ArrayList<>();
        for (boolean weights : new boolean[] {true, false}) {
            List<Parameter> part = learned.stream().filter(p -> p.role() == Parameter.Role.WEIGHT == weights).toList();
            if (!part.isEmpty()) {
                groups.add(new ParameterGroup(part, weights, memoryNames));
            }
        }
        return groups;
    }

    boolean isDecayed() {
        return decayed;
    }

    List<View> values() {
        return parameters.stream().map(parameter -> parameter.tensor().view()).toList();
    }

    List<View> gradients() {
        return parameters.stream().map(parameter -> parameter.tensor().gradient().view()).toList();
    }

    List<View> memory(int index) {
        return memories.get(index).stream().map(Tensor::view).toList();
    }

    /** Every remembered tensor by name: {@code momentum.conv1.weight}. */
    Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int memory = 0; memory < memoryNames.size(); memory++) {
            for (int i = 0; i < parameters.size(); i++) {
                state.put(memoryNames.get(memory) + "." + parameters.get(i).name(), memories.get(memory).get(i));
            }
        }
        return state;
    }

    Backend backend() {
        return parameters.getFirst().tensor().device().backend();
    }

    @Override
    public void close() {
        memories.forEach(memory -> memory.forEach(Tensor::close));
    }
}
