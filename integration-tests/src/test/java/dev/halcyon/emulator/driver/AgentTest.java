package dev.halcyon.emulator.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program started with the agent finds the emulated GPU, and the agent reports what it left. */
final class AgentTest {
    @TempDir
    private Path folder;

    @Test
    void theProgramFindsTheDevices() throws IOException, InterruptedException {
        assumeTrue(EmulatedGpu.problem().isEmpty(), () -> EmulatedGpu.problem().orElse(""));
        Path agent = EmulatedGpu.libraries().resolve("emulated-gpu-agent.jar");
        Path report = folder.resolve("report");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-javaagent:" + agent + "=devices=2,capability=75,driver=12020,report=" + report,
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx512m",
                "-XX:+UseG1GC",
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), "doctor")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = String.join("\n", process.inputReader().lines().toList());
        assertEquals(0, process.waitFor(), output);
        assertEquals(2, output.split("Emulated GPU \\(compute capability 7.5\\), 8192 MiB", -1).length - 1, output);
        assertTrue(output.contains("CUDA 12.2"), output);
        assertEquals(List.of("alive: " + Alive.nothing()), Files.readAllLines(report));
    }
}
