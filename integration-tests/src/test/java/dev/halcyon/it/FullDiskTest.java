package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.cli.Main;
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

/** A disk without room, played by a limit on the size of files: old files stay, nothing is half-written. */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {
    @TempDir
    private Path folder;

    @Test
    void aCheckpointThatDoesNotFitLeavesTheOldOneAlone() throws IOException, InterruptedException {
        Path photos = Pictures.folder(folder.resolve("photos"), 10, 16);
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.writeString(run.resolve("best.safetensors"), "an old file");
        String command = "ulimit -f 200; exec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:-UsePerfData --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp '"
                + System.getProperty("java.class.path") + "' " + Main.class.getName() + " train --data '" + photos
                + "' --epochs 1 --batch-size 8 --out '" + run + "'";
        Process process = new ProcessBuilder(List.of("bash", "-c", command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), said);
        assertTrue(said.contains("could not be written"), said);
        assertFalse(said.contains("\tat "), said);
        assertEquals("an old file", Files.readString(run.resolve("best.safetensors")));
        try (Stream<Path> files = Files.list(run)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")), "a temporary file is left");
        }
    }
}
