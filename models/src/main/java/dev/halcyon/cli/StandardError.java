package dev.halcyon.cli;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * Standard error as the launcher hands it over. The launcher puts a filter behind the JVM's own descriptor 2, which takes
 * away the JVM's line about incubator modules, and names the real one, so that what commands say does not arrive late.
 */
final class StandardError {
    private StandardError() {
    }

    /**
     * Makes {@link System#err} the stream that the launcher named. Without one, or where it cannot be opened (a socket, a
     * terminal of another user), messages go through the filter: nothing is lost.
     */
    static void restore() {
        String path = System.getProperty("halcyon.stderr");
        if (path == null) {
            return;
        }
        try {
            System.setErr(new PrintStream(new FileOutputStream(path, true), true, System.err.charset()));
        } catch (FileNotFoundException _) {
            // stays as it is
        }
    }

    /** Whether a person watches: standard error is a terminal. */
    static boolean isTerminal() {
        return Boolean.getBoolean("halcyon.terminal") || System.console() != null && System.console().isTerminal();
    }
}
