package dev.halcyon.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Data that lies beside the checkout on machines that test this project; elsewhere tests that need it are skipped. */
final class SharedData {
    private SharedData() {
    }

    /** A file or folder of it; skips the test, or fails it where the data is required. */
    static Path require(String name) {
        Path path = Path.of(System.getProperty("halcyon.shared", "../shared"), "data", name);
        boolean there = Files.exists(path);
        if (!there && Boolean.getBoolean("halcyon.requireShared")) {
            throw new AssertionError(path + " is required here (halcyon.requireShared) and missing");
        }
        assumeTrue(there, () -> path + " is not on this machine");
        return path;
    }
}
