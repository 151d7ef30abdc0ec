package dev.halcyon.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import jcuda.driver.CUmemAccess_flags;
import jcuda.driver.CUmemLocationType;
import jcuda.driver.CUresult;

/** Those of the driver's functions that JCuda does not know. */
final class DriverLibrary {
    private static final int RELEASE_THRESHOLD = 4;
    private static final int RESERVED_NOW = 5;

    private static final FunctionDescriptor POOL_ATTRIBUTE = FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private static final FunctionDescriptor POOL_ACCESS = FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final FunctionDescriptor GRAPH_UPDATE = FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    /** Size of CUgraphExecUpdateResultInfo: a number and two handles. */
    private static final long GRAPH_UPDATE_RESULT = 24;

    private final MethodHandle poolSet;
    private final MethodHandle poolGet;
    private final MethodHandle poolAccess;
    private final MethodHandle graphUpdate;

    private DriverLibrary(SymbolLookup symbols) {
        poolSet = function(symbols, "cuMemPoolSetAttribute", POOL_ATTRIBUTE);
        poolGet = function(symbols, "cuMemPoolGetAttribute", POOL_ATTRIBUTE);
        poolAccess = function(symbols, "cuMemPoolSetAccess", POOL_ACCESS);
        graphUpdate = function(symbols, "cuGraphExecUpdate_v2", GRAPH_UPDATE);
    }

    /** The functions of the driver, which has to be there. */
    static DriverLibrary open() {
        return new DriverLibrary(SharedLibrary.load(SharedLibrary.DRIVER).orElseThrow());
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup symbols, String name, FunctionDescriptor type) {
        MemorySegment address = symbols.find(name).orElseThrow(() -> new CudaException("expected the function " + name
                + " in " + SharedLibrary.DRIVER + ", found none; install an NVIDIA driver of version 525 or newer",
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

    /** Lets another device read and write a pool's memory. */
    int grantAccess(long pool, int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment access =
                    arena.allocateFrom(ValueLayout.JAVA_INT, CUmemLocationType.CU_MEM_LOCATION_TYPE_DEVICE,
                            device, CUmemAccess_flags.CU_MEM_ACCESS_FLAGS_PROT_READWRITE);
            return (int) poolAccess.invokeExact(pool, access, 1L);
        } catch (Throwable e) {
            throw unexpected(e);
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
