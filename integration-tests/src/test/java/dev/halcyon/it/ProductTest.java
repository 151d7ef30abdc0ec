package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.emulator.driver.EmulatedGpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The GPU's own kernels of products in every arithmetic and every size of tile. In a process of its own, since one that has
 * loaded cuBLAS keeps it.
 */
final class ProductTest {
    private static final int FEWEST_ROWS = 4000;

    @Test
    void everyTileAgreesWithTheReferenceInEveryPrecision() throws IOException, InterruptedException {
        assumeTrue(EmulatedGpu.problem().isEmpty(), () -> EmulatedGpu.problem().orElse(""));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-cp",
                System.getProperty("java.class.path"), ProductRun.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor(), lines::toString);
        assertEquals(List.of(), lines.stream().filter(line -> line.startsWith("failed")).toList());
        assertTrue(Integer.parseInt(lines.getLast().split(" ")[0]) > FEWEST_ROWS, lines.getLast());
    }
}
