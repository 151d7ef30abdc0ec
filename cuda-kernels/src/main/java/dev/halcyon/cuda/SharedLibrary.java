package dev.halcyon.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/** Finds libraries of this machine by the system's loader. */
final class SharedLibrary {
    /** The driver's file. */
    static final String DRIVER = isWindows() ? "nvcuda.dll" : "libcuda.so.1";
    /** The file of cuBLAS 12. */
    static final String CUBLAS = isWindows() ? "cublas64_12.dll" : "libcublas.so.12";

    private SharedLibrary() {
    }

    /** A library, loaded for the rest of the process, unless there is none of that name or path. */
    @SuppressWarnings("restricted")
    static Optional<SymbolLookup> load(String library) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(library, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }
}
