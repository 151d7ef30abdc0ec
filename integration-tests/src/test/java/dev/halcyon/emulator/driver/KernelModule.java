package dev.halcyon.emulator.driver;

import dev.halcyon.emulator.execution.LoadedModule;
import java.util.HashMap;
import java.util.Map;

/** PTX that was loaded in a context. */
final class KernelModule {
    private final Context context;
    private final long handle;
    private final LoadedModule code;
    private final String ptx;
    private final Map<String, KernelFunction> functions = new HashMap<>();

    KernelModule(Context context, long handle, LoadedModule code, String ptx) {
        this.context = context;
        this.handle = handle;
        this.code = code;
        this.ptx = ptx;
    }

    Context context() {
        return context;
    }

    long handle() {
        return handle;
    }

    LoadedModule code() {
        return code;
    }

    /** The text that it was loaded from. */
    String ptx() {
        return ptx;
    }

    /** The functions that the program asked for, by name. */
    Map<String, KernelFunction> functions() {
        return functions;
    }
}
