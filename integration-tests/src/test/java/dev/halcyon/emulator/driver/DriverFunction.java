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

/** A function of the driver that JCuda lacks, of a handle, a number and a pointer. */
final class DriverFunction {
    private final MethodHandle function;

    @SuppressWarnings("restricted")
    DriverFunction(String name) {
        SymbolLookup driver = SymbolLookup.libraryLookup("libcuda.so.1", Arena.global());
        function = Linker.nativeLinker().downcallHandle(driver.findOrThrow(name),
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS));
    }

    /** Calls it and gives its status. */
    int call(long handle, long number, MemorySegment pointer) {
        try {
            return (int) function.invokeExact(handle, number, pointer);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
