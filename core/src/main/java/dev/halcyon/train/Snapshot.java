package dev.halcyon.train;

import dev.halcyon.nn.Module;
import dev.halcyon.nn.Parameter;
import dev.halcyon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of a network's parameters in host memory, to go back to. */
final class Snapshot {
    private final Map<String, MemorySegment> values = new LinkedHashMap<>();

    /** Copies all parameters, over an older copy if there is one. */
    void take(Module network) {
        for (Parameter parameter : network.parameters()) {
            Tensor tensor = parameter.tensor();
            tensor.download(values.computeIfAbsent(parameter.name(),
                    name -> Arena.ofAuto().allocate(tensor.view().bytes(), Long.BYTES)));
        }
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Puts all parameters back. */
    void restore(Module network) {
        network.parameters().forEach(parameter -> parameter.tensor().upload(values.get(parameter.name())));
    }
}
