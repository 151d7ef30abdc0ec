package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --dashboard} as a process: how it begins and the ways in which it ends. */
@Timeout(120)
class DashboardCommandTest {
    private static final String ADDRESS = "dashboard: ";

    @TempDir
    private Path folder;
    private Path photos;

    @BeforeEach
    void takePhotos() throws IOException {
        photos = Pictures.folder(folder.resolve("photos"), 30, 16);
    }

    @Test
    void aRunIsFollowedToItsEnd() throws IOException, InterruptedException {
        Process process = start("--epochs", "20");
        String events = follow(process, null);
        assertEquals(0, process.waitFor());
        assertTrue(events.contains("event: layers"), events);
        assertTrue(events.contains("\"state\":\"finished\""), events);
    }

    /** Windows ends a process at once, without asking it. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void ctrlCEndsTheRunWithACheckpointAndSaysSo() throws IOException, InterruptedException {
        Process process = start("--epochs", "100000");
        String events = follow(process, "event: epoch");
        process.waitFor();
        assertTrue(events.contains("\"state\":\"stopped\""), events);
        assertTrue(Files.size(folder.resolve("run/last.ckpt")) > 0);
    }

    @Test
    void aFailureIsShownBeforeThePageEnds() throws IOException, InterruptedException {
        Process process = start("--epochs", "50", "--lr", "1e30");
        String events = follow(process, null);
        assertEquals(1, process.waitFor());
        assertTrue(events.contains("\"state\":\"failed\""), events);
        assertTrue(events.contains("lower learning rate"), events);
    }

    @Test
    void aTakenPortIsFoundBeforeARunFolderIsMade() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Path run = folder.resolve("run");
            Cli train = Cli.run("train", "--data", photos, "--out", run, "--dashboard", taken.getLocalPort());
            assertEquals(2, train.status(), train.err());
            assertTrue(train.err().contains("choose another port"), train.err());
            assertFalse(Files.exists(run));
        }
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertEquals(2, Cli.run("train", "--dashboard", 70_000).status());
        assertEquals(2, Cli.run("train", "--dashboard-host", "0.0.0.0").status());
        assertEquals(2, Cli.run("train", "--dashboard", "here").status());
    }

    /**
     * All events of a run.
     *
     * @param last the run is ended, as by Ctrl-C, when this line comes; null for a run that ends by itself
     */
    private static String follow(Process process, String last) throws IOException {
        StringBuilder events = new StringBuilder();
        try (BufferedReader err = reader(process.getErrorStream());
                BufferedReader in = reader(events(address(err)))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                events.append(line).append('\n');
                if (line.equals(last)) {
                    process.toHandle().destroy();
                }
            }
            err.lines().forEach(line -> events.append("# ").append(line).append('\n'));
        }
        return events.toString();
    }

    private static URI address(BufferedReader err) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith(ADDRESS)) {
                return URI.create(line.substring(ADDRESS.length()));
            }
        }
        throw new IOException("no address was printed, but: " + said);
    }

    private static InputStream events(URI page) throws IOException {
        return page.resolve("events").toURL().openStream();
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private Process start(String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("java.class.path"), Main.class.getName(), "train", "--data",
                        photos.toString(), "--batch-size", "16", "--out", folder.resolve("run").toString(),
                        "--dashboard"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }
}
