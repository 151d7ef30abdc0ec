package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's table of operations is the generated one. */
@WithEmulatedGpu(required = true)
final class SupportMatrixTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path GENERATED = Path.of("target", "support-matrix.md");

    @Test
    void readmeShowsTheMatrix() throws IOException {
        String matrix = SupportMatrix.markdown();
        Files.createDirectories(GENERATED.getParent());
        Files.writeString(GENERATED, matrix);
        String header = matrix.lines().findFirst().orElseThrow();
        List<String> readme = Files.readAllLines(README);
        String shown = readme.stream().dropWhile(line -> !line.equals(header)).takeWhile(line -> line.startsWith("|"))
                .collect(Collectors.joining("\n", "", "\n"));
        assertEquals(matrix, shown, "README.md: put integration-tests/target/support-matrix.md in place of its table");
    }
}
