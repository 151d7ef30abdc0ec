package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.emulator.memory.DeviceMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The emulator knows every instruction of the kernels that ship. */
final class ShippedPtxTest {
    private static final int MOST_STATIC_SHARED = 48 * 1024;
    private static final Path ROOT = Path.of(System.getProperty("halcyon.root"))
            .resolve("cuda-kernels/src/main/resources/dev/halcyon/cuda/ptx");

    static Stream<Path> texts() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> texts = files.filter(file -> file.toString().endsWith(".ptx")).sorted().toList();
            assertFalse(texts.isEmpty());
            return texts.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void loads(Path text) throws IOException {
        try (DeviceMemory memory = new DeviceMemory(0, 1 << 20)) {
            LoadedModule module = LoadedModule.load(Files.readString(text), memory);
            for (String name : module.kernelNames()) {
                assertTrue(module.kernel(name).staticSharedBytes() <= MOST_STATIC_SHARED, name);
            }
            module.unload();
            assertEquals(0, memory.bytesInUse());
        }
    }
}
