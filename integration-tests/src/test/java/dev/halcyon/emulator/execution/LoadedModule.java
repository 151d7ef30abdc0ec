package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.memory.DeviceMemory;
import dev.halcyon.emulator.ptx.Function;
import dev.halcyon.emulator.ptx.PtxException;
import dev.halcyon.emulator.ptx.PtxModule;
import dev.halcyon.emulator.ptx.Space;
import dev.halcyon.emulator.ptx.Variable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A PTX module on a device: its variables have their places in the device's memory, its kernels are ready to run. */
public final class LoadedModule {
    private final DeviceMemory memory;
    private final PtxModule module;
    private final Map<Variable, Long> addresses = new HashMap<>();
    private final Map<String, LoadedKernel> kernels = new LinkedHashMap<>();

    private LoadedModule(PtxModule module, DeviceMemory memory) {
        this.module = module;
        this.memory = memory;
    }

    /**
     * Loads a module.
     *
     * @throws PtxException if the text is not well formed or has an instruction that is not known
     * @throws dev.halcyon.emulator.memory.OutOfDeviceMemory if there is no room for its variables
     */
    public static LoadedModule load(String ptx, DeviceMemory memory) {
        LoadedModule loaded = new LoadedModule(PtxModule.parse(ptx), memory);
        try {
            loaded.allocate();
            loaded.compile();
        } catch (RuntimeException e) {
            loaded.unload();
            throw e;
        }
        return loaded;
    }

    private void allocate() {
        List<Variable> variables = new ArrayList<>(module.variables());
        module.functions().forEach(function -> variables.addAll(function.variables()));
        variables.removeIf(variable -> variable.external() || variable.bytes() == 0
                || variable.space() != Space.GLOBAL && variable.space() != Space.CONST);
        for (Variable variable : variables) {
            addresses.put(variable, memory.allocate(variable.bytes()));
        }
        for (Variable variable : variables) {
            long address = addresses.get(variable);
            byte[] initial = variable.initial() == null ? new byte[0] : variable.initial();
            byte[] image = Arrays.copyOf(initial, Math.toIntExact(variable.bytes()));
            memory.write(address, MemorySegment.ofArray(image));
            for (Variable.Reference reference : variable.references()) {
                memory.setLong(address + reference.at(), address(reference, variable) + reference.offset());
            }
        }
    }

    private long address(Variable.Reference reference, Variable in) {
        Long address = find(reference.symbol());
        if (address == null) {
            throw new PtxException(in.line(), "variable '" + in.name() + "' refers to '" + reference.symbol()
                    + "', which is no variable of the module");
        }
        return address;
    }

    private Long find(String name) {
        for (Map.Entry<Variable, Long> entry : addresses.entrySet()) {
            if (entry.getKey().name().equals(name)) {
                return entry.getValue();
            }
        }
        return null;
    }

    private void compile() {
        for (Function function : module.functions()) {
            if (function.entry() && function.body() != null) {
                KernelCompiler compiler = new KernelCompiler(module, function, addresses);
                KernelCode code = compiler.compile();
                kernels.put(function.name(), new LoadedKernel(function, code, compiler.layout(), memory));
            }
        }
    }

    /** Names of the kernels, in the order of the text. */
    public Set<String> kernelNames() {
        return kernels.keySet();
    }

    /** The kernel of that name; null if there is none. */
    public LoadedKernel kernel(String name) {
        return kernels.get(name);
    }

    /**
     * Address of a global or constant variable.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public long global(String name) {
        Long address = find(name);
        if (address == null) {
            throw new IllegalArgumentException("expected the name of a global variable, found '" + name + "'");
        }
        return address;
    }

    /** Version of the PTX language that the text is in, such as 7.8. */
    public String version() {
        return module.version();
    }

    /** Frees the module's variables; its kernels cannot be launched any more. */
    public void unload() {
        addresses.values().forEach(memory::free);
        addresses.clear();
        kernels.clear();
    }
}
