package dev.halcyon.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of PTX among the resources.
 *
 * @param target {@code compute_75} or {@code compute_80}
 * @param family the .cu file it was made from, without ending
 * @param text its contents
 */
record Ptx(String target, String family, String text) {
    /** The module's folder, which tests are started in. */
    static final Path MODULE = Path.of("").toAbsolutePath();
    /** Where the .cu files are. */
    static final Path SOURCES = MODULE.resolve("src/main/cuda");
    static final List<String> TARGETS = List.of("compute_75", "compute_80");

    private static final Path RESOURCES = MODULE.resolve("src/main/resources/dev/halcyon/cuda/ptx");
    private static final Pattern ENTRY =
            Pattern.compile(
                    "\\.visible \\.entry (\\w+)\\([^)]*\\)\\s*(?:\\.maxntid (\\d+)(?:, (\\d+))?(?:, (\\d+))?)?");

    /** Every file of every target. */
    static List<Ptx> all() throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            return files.filter(file -> file.toString().endsWith(".ptx")).sorted().map(Ptx::read).toList();
        }
    }

    /** The names of the .cu files, without ending. */
    static List<String> families() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".cu"))
                    .map(name -> name.substring(0, name.length() - ".cu".length())).sorted().toList();
        }
    }

    private static Ptx read(Path file) {
        String name = file.getFileName().toString();
        try {
            return new Ptx(file.getParent().getFileName().toString(),
                    name.substring(0, name.length() - ".ptx".length()), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its kernels with the most threads that a block of each may have; 0 where it is not said. */
    Map<String, Integer> kernels() {
        Map<String, Integer> threads = new LinkedHashMap<>();
        Matcher matcher = ENTRY.matcher(text);
        while (matcher.find()) {
            int most = matcher.group(2) == null ? 0 : 1;
            for (int axis = 2; axis <= 4 && matcher.group(axis) != null; axis++) {
                most *= Integer.parseInt(matcher.group(axis));
            }
            threads.put(matcher.group(1), most);
        }
        return threads;
    }

    @Override
    public String toString() {
        return target + "/" + family;
    }
}
