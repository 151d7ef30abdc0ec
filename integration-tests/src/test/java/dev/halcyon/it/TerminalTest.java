package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person at a terminal sees and does: a bar that moves, and Ctrl-C that loses nothing. */
class TerminalTest {
    private static final String CTRL_C = "\u0003";

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void controlCBesideTheBarSavesACheckpointAndSaysHowToGoOn() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")) && System.getProperty("os.name").equals("Linux"),
                "needs the command script of Linux, which runs a command in a terminal of its own");
        Path run = folder.resolve("run");
        // a shell lets what it runs in the background ignore Ctrl-C, and everything started from there
        String command = String.join(" ", "exec env --default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Dhalcyon.columns=90",
                "-cp", "\"$CLASSES\"", Main.class.getName(), "train", "--epochs", "50", "--out", run.toString());
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/script", "-qec", command, "/dev/null");
        builder.environment().put("CLASSES", System.getProperty("java.class.path"));
        Process process = builder.redirectErrorStream(true).start();
        StringBuilder seen = new StringBuilder();
        try {
            readUntil(process.getInputStream(), seen, "loss ");
            process.getOutputStream().write(CTRL_C.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            readUntil(process.getInputStream(), seen, "go on with: halcyon train --resume " + run);
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the process did not end");
        } finally {
            process.destroyForcibly();
        }
        assertTrue(Files.exists(run.resolve("last.ckpt")), seen::toString);
    }

    private static void readUntil(InputStream in, StringBuilder seen, String wanted) throws IOException {
        byte[] piece = new byte[4096];
        while (seen.indexOf(wanted) < 0) {
            int count = in.read(piece);
            assertTrue(count >= 0, () -> "expected '" + wanted + "' on the terminal, found " + seen);
            seen.append(new String(piece, 0, count, StandardCharsets.UTF_8));
        }
    }
}
