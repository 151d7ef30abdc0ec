package dev.halcyon.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import jcuda.driver.CUresult;

/** The driver's library: whether it is there, and those of its functions that JCuda does not know. */
final class DriverLibrary {
    private static final int RELEASE_THRESHOLD = 4;
    private static final int RESERVED_NOW = 5;

    private static final FunctionDescriptor POOL_ATTRIBUTE = FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private static final FunctionDescriptor GRAPH_UPDATE = FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    /** Size of CUgraphExecUpdateResultInfo: a number and two handles. */
    private static final long GRAPH_UPDATE_RESULT = 24;

    private final MethodHandle poolSet;
    private final MethodHandle poolGet;
    private final MethodHandle graphUpdate;

    private DriverLibrary(SymbolLookup symbols) {
        poolSet = function(symbols, "cuMemPoolSetAttribute", POOL_ATTRIBUTE);
        poolGet = function(symbols, "cuMemPoolGetAttribute", POOL_ATTRIBUTE);
        graphUpdate = function(symbols, "cuGraphExecUpdate_v2", GRAPH_UPDATE);
    }

    /** Its file's name on this system. */
    static String fileName() {
        return isWindows() ? "nvcuda.dll" : "libcuda.so.1";
    }

    static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    /** Whether it is there. */
    static boolean isPresent() {
        return lookup(fileName()).isPresent();
    }

    /** A library, loaded for the rest of the process, unless there is none of that name or path. */
    @SuppressWarnings("restricted")
    static Optional<SymbolLookup> lookup(String library) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(library, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The library's functions; it has to be {@link #isPresent}. */
    static DriverLibrary open() {
        return new DriverLibrary(lookup(fileName()).orElseThrow());
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup symbols, String name, FunctionDescriptor type) {
        MemorySegment address = symbols.find(name).orElseThrow(() -> new CudaException("expected the function " + name
                + " in " + fileName() + ", found none; install an NVIDIA driver of version 525 or newer",
                CUresult.CUDA_ERROR_NOT_FOUND));
        return Linker.nativeLinker().downcallHandle(address, type);
    }

    /** Lets a pool keep so much unused memory when the device is waited for. */
    int releaseThreshold(long pool, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            return call(poolSet, pool, RELEASE_THRESHOLD, arena.allocateFrom(ValueLayout.JAVA_LONG, bytes));
        }
    }

    /** Bytes that a pool holds, used and unused; 0 if the driver does not tell. */
    long reserved(long pool) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
            return call(poolGet, pool, RESERVED_NOW, bytes) == CUresult.CUDA_SUCCESS
                    ? bytes.get(ValueLayout.JAVA_LONG, 0)
                    : 0;
        }
    }

    /** Gives an executable graph the parameters of a graph of the same form. */
    int update(long executable, long graph) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) graphUpdate.invokeExact(executable, graph, arena.allocate(GRAPH_UPDATE_RESULT, Long.BYTES));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int call(MethodHandle function, long pool, int attribute, MemorySegment value) {
        try {
            return (int) function.invokeExact(pool, attribute, value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Native functions throw nothing; what method handles declare is for other kinds of them. */
    private static IllegalStateException unexpected(Throwable cause) {
        return new IllegalStateException("a function of the driver could not be called", cause);
    }
}
