package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Function;
import dev.halcyon.emulator.ptx.Variable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the variables of a kernel are: global ones in device memory, shared ones from the start of the block's shared
 * memory (those whose size the launch gives behind all others), parameters from the start of the launch's, and local
 * ones one after the other.
 */
final class Layout {
    private final Map<Variable, Long> addresses;
    private final Map<Variable, Long> parameters = new HashMap<>();
    private final Map<String, Long> globals;
    private int parameterBytes;
    private int sharedBytes;
    private int dynamicAlignment = 1;
    private int localBytes;

    /**
     * @param globals addresses of the module's global and constant variables
     * @param shared the shared variables that the kernel uses
     */
    Layout(Function kernel, Map<Variable, Long> globals, List<Variable> shared) {
        addresses = new HashMap<>(globals);
        this.globals = new HashMap<>();
        globals.forEach((variable, address) -> this.globals.put(variable.name(), address));
        for (Variable parameter : kernel.parameters()) {
            parameterBytes = aligned(parameterBytes, parameter.alignment());
            parameters.put(parameter, (long) parameterBytes);
            parameterBytes += (int) parameter.bytes();
        }
        for (Variable variable : shared) {
            if (variable.bytes() > 0) {
                share(variable);
            }
        }
        for (Variable variable : shared) {
            if (variable.bytes() == 0) {
                dynamicAlignment = Math.max(dynamicAlignment, variable.alignment());
            }
        }
        sharedBytes = aligned(sharedBytes, dynamicAlignment);
        for (Variable variable : shared) {
            if (variable.bytes() == 0) {
                addresses.put(variable, (long) sharedBytes);
            }
        }
    }

    private void share(Variable variable) {
        sharedBytes = aligned(sharedBytes, variable.alignment());
        addresses.put(variable, (long) sharedBytes);
        sharedBytes = Math.addExact(sharedBytes, Math.toIntExact(variable.bytes()));
    }

    private static int aligned(int offset, int alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }

    boolean isParameter(Variable variable) {
        return parameters.containsKey(variable);
    }

    /** Address of a global, constant or shared variable, or offset of a parameter. */
    long address(Variable variable) {
        Long address = parameters.getOrDefault(variable, addresses.get(variable));
        if (address == null && variable.external()) {
            address = globals.get(variable.name());
        }
        if (address == null) {
            throw new IllegalStateException("variable '" + variable.name() + "' is declared but nowhere defined");
        }
        return address;
    }

    /** Makes room for a local variable; gives its address. */
    long local(Variable variable) {
        localBytes = aligned(localBytes, Math.max(variable.alignment(), 1));
        long address = localBytes;
        localBytes = Math.addExact(localBytes, Math.toIntExact(variable.bytes()));
        return address;
    }

    int parameterBytes() {
        return parameterBytes;
    }

    /** What the text declares, up to where the launch's part begins. */
    int sharedBytes() {
        return sharedBytes;
    }

    int localBytes() {
        return aligned(localBytes, 16);
    }
}
