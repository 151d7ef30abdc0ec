package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Writes the support matrix where the build keeps what it makes. */
final class SupportMatrixTest {
    private static final Path FILE = Path.of("target", "support-matrix.md");

    @Test
    void theMatrixIsWritten() throws IOException {
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, SupportMatrix.markdown());
        assertTrue(Files.readAllLines(FILE).stream().anyMatch(line -> line.startsWith("| `gemm` | ")));
    }
}
