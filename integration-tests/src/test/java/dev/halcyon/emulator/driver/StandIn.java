package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A stand-in library, loaded into this process for good: whoever asks the loader for its name gets it. */
final class StandIn {
    /** Who does what the library is asked for. */
    @FunctionalInterface
    interface Target {
        /** Does a function and answers its status. */
        int call(String function, Arguments arguments);
    }

    private static final long POINTERS = Long.MAX_VALUE / Long.BYTES * Long.BYTES;

    private final List<String> names;
    private final MethodHandle attach;
    private final MemorySegment dispatcher;
    private volatile Target target;

    /**
     * Loads a library.
     *
     * @throws IllegalArgumentException if the file is no library
     */
    @SuppressWarnings("restricted")
    StandIn(Path file) {
        SymbolLookup symbols = SymbolLookup.libraryLookup(file, Arena.global());
        Linker linker = Linker.nativeLinker();
        names = names(symbols.findOrThrow("emulated_gpu_functions").reinterpret(POINTERS));
        attach = linker.downcallHandle(symbols.findOrThrow("emulated_gpu_attach"), FunctionDescriptor.ofVoid(ADDRESS));
        try {
            MethodHandle dispatch = MethodHandles.lookup().bind(this, "dispatch",
                    MethodType.methodType(long.class, int.class, long.class));
            dispatcher = linker.upcallStub(dispatch, FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG),
                    Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(MemorySegment pointers) {
        List<String> all = new ArrayList<>();
        for (long i = 0; pointers.getAtIndex(JAVA_LONG, i) != 0; i++) {
            all.add(HostMemory.ALL.getString(pointers.getAtIndex(JAVA_LONG, i)));
        }
        return all;
    }

    /** Lets a target do what the library is asked for. */
    void attach(Target to, Set<String> known) {
        Set<String> missing = new HashSet<>(names);
        missing.removeAll(known);
        if (!missing.isEmpty()) {
            throw new IllegalStateException("the library has functions that are not emulated: " + missing);
        }
        target = to;
        attach(dispatcher);
    }

    /** Lets the library answer by itself, as without a device. */
    void detach() {
        attach(MemorySegment.NULL);
    }

    private void attach(MemorySegment function) {
        try {
            attach.invokeExact(function);
        } catch (Throwable e) {
            throw new IllegalStateException("the stand-in library failed", e);
        }
    }

    /** Called by the library. */
    private long dispatch(int function, long arguments) {
        return target.call(names.get(function), new Arguments(arguments));
    }
}
