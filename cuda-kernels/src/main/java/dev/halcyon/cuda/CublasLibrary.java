package dev.halcyon.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the library cuBLAS, where the system's loader does and where NVIDIA's installers put it. */
final class CublasLibrary {
    private static final Path MAPPED_FILES = Path.of("/proc/self/maps");
    /** Where toolkits are installed, each in a folder with its version in the name. */
    private static final Path TOOLKITS = Path.of("/usr/local");

    private static Optional<String> found = Optional.empty();

    private CublasLibrary() {
    }

    /** Its path or name, loaded for the rest of the process; empty if it is nowhere. */
    static synchronized Optional<String> find() {
        if (found.isEmpty()) {
            found = candidates().stream().filter(name -> SharedLibrary.load(name).isPresent()).findFirst()
                    .map(CublasLibrary::path);
        }
        return found;
    }

    /** What the system's loader finds by itself comes first, then the newest toolkit. */
    private static List<String> candidates() {
        List<String> names = new ArrayList<>();
        try (Stream<Path> folders = Files.list(TOOLKITS)) {
            folders.filter(folder -> folder.getFileName().toString().startsWith("cuda"))
                    .sorted(Comparator.reverseOrder())
                    .forEach(folder -> names.add(folder.resolve("lib64").resolve(SharedLibrary.CUBLAS).toString()));
        } catch (IOException e) {
            // there is no such folder, or this user may not look into it
            names.clear();
        }
        names.addFirst(SharedLibrary.CUBLAS);
        return names;
    }

    /** The path that a loaded library has, as far as the system tells. */
    private static String path(String name) {
        if (Files.isReadable(MAPPED_FILES)) {
            try (Stream<String> lines = Files.lines(MAPPED_FILES)) {
                return lines.filter(line -> line.contains("libcublas.so")).findFirst()
                        .map(line -> line.substring(line.indexOf('/'))).orElse(name);
            } catch (IOException e) {
                return name;
            }
        }
        return name;
    }
}
