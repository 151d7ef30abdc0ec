package dev.halcyon.cli;

import picocli.CommandLine.Option;

/** Options of every command: what it says, and how. */
final class OutputOptions {
    @Option(names = "--json", description = "Print one JSON document on standard output and nothing else there.")
    private boolean json;

    @Option(names = "--debug", description = "Print the stack trace of a failure.")
    private boolean debug;

    boolean json() {
        return json;
    }
}
