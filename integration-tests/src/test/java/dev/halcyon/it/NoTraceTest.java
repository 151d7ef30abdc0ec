package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.device.Device;
import dev.halcyon.emulator.driver.EmulatedGpu;
import dev.halcyon.emulator.driver.Settings;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Looking for a GPU prints nothing, loads nothing that is not needed, and leaves no file behind, in a process of its own. */
@EnabledOnOs(OS.LINUX)
class NoTraceTest {
    @TempDir
    private Path folder;

    @Test
    void withoutADriverTheCpuIsChosenAndJCudaIsLeftAlone() throws IOException, InterruptedException {
        assumeTrue(Stream.of("/dev/nvidiactl", "/dev/dxg").noneMatch(path -> Files.exists(Path.of(path))),
                "this machine has an NVIDIA driver");
        Path log = folder.resolve("classes.txt");
        assertEquals("cpu", run("-Xlog:class+load:file=" + log, OpenBest.class.getName()));
        try (Stream<String> classes = Files.lines(log)) {
            assertEquals(List.of(), classes.filter(line -> line.contains("jcuda")).toList());
        }
    }

    @Test
    void withADriverNativesAreLoadedFromAFolderOfThisUsersAndDeleted() throws IOException, InterruptedException {
        assumeTrue(EmulatedGpu.problem().isEmpty(), () -> EmulatedGpu.problem().orElse(""));
        assertEquals("cuda:0", run(OpenEmulated.class.getName()));
    }

    /** What a program prints, which has a folder for temporary files of its own that is empty in the end. */
    private String run(String... arguments) throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        List<String> command = Stream.concat(Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseG1GC",
                "-XX:-UsePerfData", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path")), Stream.of(arguments))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.contains("incubator modules")).toList();
        assertEquals(0, process.waitFor(), said.toString());
        try (Stream<Path> left = Files.walk(temporary)) {
            assertEquals(List.of(temporary), left.toList());
        }
        return String.join("\n", said);
    }

    /** Opens the best device and prints its name. */
    static final class OpenBest {
        private OpenBest() {
        }

        public static void main(String[] arguments) {
            try (Device device = Device.best()) {
                System.out.println(device.name());
            }
        }
    }

    /** The same where there is an emulated GPU, which is put to use. */
    static final class OpenEmulated {
        private OpenEmulated() {
        }

        public static void main(String[] arguments) throws IOException {
            try (EmulatedGpu gpu = EmulatedGpu.start(Settings.standard()); Device device = Device.best();
                    Tensor ones = Tensor.full(device, DataType.FLOAT32, Shape.of(3), 1)) {
                assertEquals(3, ones.toFloats().length);
                assertFalse(gpu.launches().isEmpty());
                System.out.println(device.name());
            }
        }
    }
}
