package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The CPU backend with every vector width below this machine's own, which the other tests use: plain loops, 128 and 256
 * bits. Each runs in a process of its own, since the width is chosen once.
 */
final class VectorWidthTest {
    private static final int FEWEST_ROWS = 1000;

    static Stream<Integer> narrower() {
        try (Device device = Device.open("cpu")) {
            String own = device.backend().description();
            return Stream.of(256, 128, 0).dropWhile(bits -> bits > 0 && !own.endsWith(lanes(2 * bits)));
        }
    }

    private static String lanes(int bits) {
        return bits == 0 ? "no vector instructions" : bits / Float.SIZE + " lanes";
    }

    @ParameterizedTest
    @MethodSource("narrower")
    void everyWidthAgreesWithTheReference(int bits) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx512m",
                "-Dhalcyon.vectorBits=" + bits, "-cp", System.getProperty("java.class.path"),
                WidthRun.class.getName()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor(), lines::toString);
        assertTrue(lines.getFirst().endsWith(lanes(bits)), lines.getFirst());
        assertEquals(List.of(), lines.stream().filter(line -> line.startsWith("failed")).toList());
        assertTrue(Integer.parseInt(lines.getLast().split(" ")[0]) > FEWEST_ROWS, lines.getLast());
    }
}
