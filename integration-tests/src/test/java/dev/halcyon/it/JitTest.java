package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JIT compiler takes every vector kernel, and inlines every call of the Vector API into it. Where it gives up, which
 * happens in some runs and not in others once a kernel is too large, a kernel becomes many times slower without being
 * wrong.
 */
final class JitTest {
    private static final String KERNELS = "dev.halcyon.cpu.simd.";
    private static final String VECTORS = "jdk.incubator.vector.";

    @ParameterizedTest
    @ValueSource(strings = {"lenet", "convnet", "mobilenetv2"})
    void everyKernelIsCompiledWhole(String network) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx512m",
                "-XX:+UnlockDiagnosticVMOptions", "-XX:+PrintCompilation", "-XX:+PrintInlining", "-cp",
                System.getProperty("java.class.path"), "dev.halcyon.cli.Main", "bench", "train", "--model", network,
                "--batch-size", "8", "--image-size", "32x32", "--steps", "40", "--warmup", "40")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines = process.inputReader().lines().filter(JitTest::concernsKernels).toList();
        assertEquals(0, process.waitFor());
        assertTrue(lines.stream().anyMatch(line -> line.contains(KERNELS + "VectorTiles::")), "no kernel was compiled");
        assertEquals(List.of(), lines.stream().filter(line -> line.contains("COMPILE SKIPPED")).toList());
        assertEquals(List.of(), lines.stream()
                .filter(line -> line.contains(VECTORS) && line.contains("NodeCountInliningCutoff")).toList());
    }

    private static boolean concernsKernels(String line) {
        return line.contains(KERNELS) || line.contains(VECTORS);
    }
}
