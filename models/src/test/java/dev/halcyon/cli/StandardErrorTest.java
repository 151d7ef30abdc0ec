package dev.halcyon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StandardErrorTest {
    @TempDir
    private Path folder;

    /** A log of several commands, as in {@code { ./halcyon …; ./halcyon …; } > log 2>&1}, has every line in its order. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linesOfBothStreamsFollowEachOtherInOneFile() throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        String commands =
                "for name in one two; do \"$0\" -cp \"$1\" -Dhalcyon.stderrForStdin=true " + Main.class.getName()
                        + " $name 0>&2 2> /dev/null; echo said; done";
        Process shell = new ProcessBuilder("sh", "-c", commands,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path")).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertEquals(0, shell.waitFor());
        assertEquals(List.of("halcyon: unknown command 'one'", "said", "halcyon: unknown command 'two'", "said"),
                Files.readAllLines(log).stream().filter(line -> line.startsWith("halcyon") || line.equals("said"))
                        .toList());
    }
}
