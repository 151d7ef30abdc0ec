package dev.halcyon.cli;

import dev.halcyon.report.dashboard.Dashboard;
import dev.halcyon.train.Trainer;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Whether a run can be watched in a browser, and from where. */
final class DashboardOptions {
    private static final int LARGEST_PORT = 65_535;

    @Option(names = "--dashboard", paramLabel = "PORT", arity = "0..1", fallbackValue = "0",
            description = "Serve a page on which the run can be watched and steered, on this port or one that is free.")
    private Integer port;

    @Option(names = "--dashboard-host", paramLabel = "HOST",
            description = "Where the dashboard can be reached: 127.0.0.1 from this machine alone (the default), an"
                    + " address of this machine, or 0.0.0.0 for all of them.")
    private String host;

    /**
     * Checks what was asked for, before any data is read.
     *
     * @throws IllegalArgumentException if it makes no sense
     */
    void check() {
        if (port != null && (port < 0 || port > LARGEST_PORT)) {
            throw new IllegalArgumentException(
                    "--dashboard: expected a port from 0 to " + LARGEST_PORT + ", found " + port);
        }
        if (port == null && host != null) {
            throw new IllegalArgumentException("--dashboard-host needs --dashboard");
        }
    }

    /** The page of a run, or null if none was asked for. */
    Dashboard open(Trainer trainer) throws IOException {
        return port == null ? null : Dashboard.open(host == null ? "127.0.0.1" : host, port, trainer);
    }
}
