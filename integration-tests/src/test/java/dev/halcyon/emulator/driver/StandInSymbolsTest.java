package dev.halcyon.emulator.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A function that JCuda links and the stand-in lacks would end the JVM when it is called: there is none. */
final class StandInSymbolsTest {
    private static final Pattern FUNCTION = Pattern.compile("(?m) [TU] (cu[A-Za-z0-9_]+)(?:@@?([\\w.]+))?$");

    @TempDir
    private Path folder;

    @BeforeEach
    void requireLibraries() {
        assumeTrue(EmulatedGpu.problem().isEmpty(), () -> EmulatedGpu.problem().orElse(""));
    }

    @Test
    void everyFunctionOfTheDriverIsThere() throws Exception {
        assertAllThere("JCudaDriver", "libcuda.so.1", 312);
    }

    @Test
    void everyFunctionOfCublasIsThereUnderItsVersion() throws Exception {
        assertAllThere("JCublas2", "libcublas.so.12", 494);
    }

    private void assertAllThere(String jcuda, String standIn, int count) throws Exception {
        Path linked = folder.resolve(jcuda);
        try (InputStream stream = getClass().getResourceAsStream("/lib/lib" + jcuda + "-12.6.0-linux-x86_64.so")) {
            Files.copy(stream, linked);
        }
        Set<String> wanted = functions("--undefined-only", linked);
        assertEquals(count, wanted.size());
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(functions("--defined-only", EmulatedGpu.libraries().resolve(standIn)));
        assertTrue(missing.isEmpty(), () -> standIn + " lacks " + missing);
    }

    /** The names, with their versions, that binutils' nm finds in a library. */
    private static Set<String> functions(String kind, Path library) throws IOException, InterruptedException {
        Process nm = new ProcessBuilder("nm", "-D", kind, library.toString()).redirectErrorStream(true).start();
        String listing = new String(nm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, nm.waitFor(), listing);
        Set<String> names = new TreeSet<>();
        for (Matcher line = FUNCTION.matcher(listing); line.find();) {
            names.add(line.group(1) + "@" + line.group(2));
        }
        return names;
    }
}
