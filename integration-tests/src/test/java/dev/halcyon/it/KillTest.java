package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run killed with SIGKILL at random moments, and resumed each time, ends with the bits of an undisturbed one. */
class KillTest {
    private static final int KILLS = 6;
    private static final int MOST_STARTS = 40;
    private static final long PATIENCE = 120_000;

    @TempDir
    private Path folder;

    @Test
    void killsDoNotShow() throws IOException, InterruptedException {
        String expected = TrainingRuns.train(2, null, trainer -> trainer);
        long whole = millisecondsOfAnUndisturbedRun();
        int kills = 0;
        for (int start = 0; start < MOST_STARTS; start++) {
            boolean resume = Files.exists(folder.resolve("last.ckpt")) || Files.exists(folder.resolve("previous.ckpt"));
            Process process = start(folder, resume);
            long patience = kills < KILLS ? ThreadLocalRandom.current().nextLong(whole / 8, whole * 3 / 4) : PATIENCE;
            if (process.waitFor(patience, TimeUnit.MILLISECONDS)) {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                assertEquals(0, process.exitValue(), said);
                assertEquals(expected, said);
                assertTrue(kills > 0, "the run was over before it could be killed");
                return;
            }
            process.destroyForcibly().waitFor();
            kills++;
        }
        throw new AssertionError("the run did not end after " + MOST_STARTS + " starts");
    }

    private long millisecondsOfAnUndisturbedRun() throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process process = start(Files.createDirectory(folder.resolve("undisturbed")), false);
        assertTrue(process.waitFor(PATIENCE, TimeUnit.MILLISECONDS), "the run did not end");
        return (System.nanoTime() - began) / 1_000_000;
    }

    private static Process start(Path folder, boolean resume) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("java.class.path"), KilledRun.class.getName(), folder.toString()));
        if (resume) {
            command.add("resume");
        }
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }
}
