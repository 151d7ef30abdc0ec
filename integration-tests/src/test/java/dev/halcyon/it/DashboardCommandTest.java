package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --dashboard} as a process: how it begins and the ways in which it ends. */
@Timeout(120)
class DashboardCommandTest {
    @TempDir
    private Path folder;
    private Path photos;

    @BeforeEach
    void takePhotos() throws IOException {
        photos = Pictures.folder(folder.resolve("photos"), 30, 16);
    }

    @Test
    void aRunIsFollowedToItsEnd() throws IOException, InterruptedException {
        try (DashboardRun run = start("--epochs", "20")) {
            String events = follow(run, null);
            assertEquals(0, run.awaitEnd());
            assertTrue(events.contains("event: layers"), events);
            assertTrue(events.contains("\"state\":\"finished\""), events);
        }
    }

    /** Windows ends a process at once, without asking it. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void ctrlCEndsTheRunWithACheckpointAndSaysSo() throws IOException, InterruptedException {
        try (DashboardRun run = start("--epochs", "100000")) {
            String events = follow(run, "event: epoch");
            assertTrue(events.contains("\"state\":\"stopped\""), events);
        }
        assertTrue(Files.size(folder.resolve("run/last.ckpt")) > 0);
    }

    @Test
    void aFailureIsShownBeforeThePageEnds() throws IOException, InterruptedException {
        try (DashboardRun run = start("--epochs", "50", "--lr", "1e30")) {
            String events = follow(run, null);
            assertEquals(1, run.awaitEnd());
            assertTrue(events.contains("\"state\":\"failed\""), events);
            assertTrue(events.contains("lower learning rate"), events);
        }
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
     * All events of a run, and what it said.
     *
     * @param last the run is ended, as by Ctrl-C, when this line comes; null for a run that ends by itself
     */
    private static String follow(DashboardRun run, String last) throws IOException, InterruptedException {
        StringBuilder events = new StringBuilder();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                run.address().resolve("events").toURL().openStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                events.append(line).append('\n');
                if (line.equals(last)) {
                    run.interrupt();
                }
            }
        }
        run.awaitEnd();
        run.said().lines().forEach(line -> events.append("# ").append(line).append('\n'));
        return events.toString();
    }

    private DashboardRun start(String... options) throws IOException {
        return DashboardRun.start(photos, folder.resolve("run"), options);
    }
}
