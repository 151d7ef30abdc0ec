package dev.halcyon.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * Standard error as the launcher hands it over. The launcher puts a filter behind the JVM's own descriptor 2, which takes
 * away the JVM's line about incubator modules, and hands over the real one in place of standard input, which no command
 * reads. Opening the real one anew by a path would not do: a file that standard output goes to as well would then be
 * written to at two places that know nothing of each other.
 */
final class StandardError {
    private static final String COLUMNS = "halcyon.columns";
    private static final int USUAL_COLUMNS = 80;

    private StandardError() {
    }

    /** Makes {@link System#err} the stream that the launcher handed over, if it did. */
    static void restore() {
        if (Boolean.getBoolean("halcyon.stderrForStdin")) {
            System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.in), true, System.err.charset()));
        }
    }

    /** Whether a person watches: standard error is a terminal. */
    static boolean isTerminal() {
        return Integer.getInteger(COLUMNS) != null || System.console() != null && System.console().isTerminal();
    }

    /** Characters in a line of the terminal, as the launcher found out. */
    static int columns() {
        return Integer.getInteger(COLUMNS, USUAL_COLUMNS);
    }
}
