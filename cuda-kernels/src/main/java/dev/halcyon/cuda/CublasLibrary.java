package dev.halcyon.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the library cuBLAS, where the system's loader does and where NVIDIA's installers put it. */
final class CublasLibrary {
    private static final Path MAPPED_FILES = Path.of("/proc/self/maps");
    /** Folders of toolkits, of which the last in order of names is the newest. */
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

    private static List<String> candidates() {
        List<String> names = new ArrayList<>(List.of(SharedLibrary.CUBLAS));
        if (Files.isDirectory(TOOLKITS)) {
            try (DirectoryStream<Path> toolkits = Files.newDirectoryStream(TOOLKITS, "cuda*")) {
                toolkits.forEach(folder -> names.add(folder.resolve("lib64").resolve(SharedLibrary.CUBLAS).toString()));
            } catch (IOException e) {
                // a folder that cannot be read has no library for this user either
                return names;
            }
        }
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
