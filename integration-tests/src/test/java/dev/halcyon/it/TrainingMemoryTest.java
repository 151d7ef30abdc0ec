package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Device;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Training holds what it needs and no more, and gives everything back. */
class TrainingMemoryTest {
    private static final long FLAT_MEBIBYTES = 16;

    /** With a heap that is resident from the start, so that what grows is not the heap. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void thousandsOfStepsUseWhatOneUses() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "--add-modules", "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                ThousandsOfSteps.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        assertTrue(Long.parseLong(said) < FLAT_MEBIBYTES, "the process grew by " + said + " MiB");
    }

    @Test
    void closingADeviceEndsItsThreads() {
        Set<String> before = halcyonThreads();
        try (Device device = Device.open("cpu")) {
            Tensor.zeros(device, DataType.FLOAT32, Shape.of(1 << 20));
        }
        assertEquals(before, halcyonThreads());
    }

    @Test
    void tensorsThatNobodyClosesComeBack() {
        try (Device device = Device.open("cpu")) {
            for (int i = 0; i < 50; i++) {
                Tensor.zeros(device, DataType.FLOAT32, Shape.of(1 << 16));
            }
            for (int tries = 0; tries < 100 && device.memory().inUse() > 0; tries++) {
                System.gc();
                Thread.onSpinWait();
            }
            assertEquals(0, device.memory().inUse());
        }
    }

    private static Set<String> halcyonThreads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("halcyon")).collect(Collectors.toSet());
    }
}
