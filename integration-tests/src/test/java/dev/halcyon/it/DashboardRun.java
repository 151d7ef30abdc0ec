package dev.halcyon.it;

import dev.halcyon.cli.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process that trains with a dashboard on a port of its own choice; closing it ends it. */
public final class DashboardRun implements AutoCloseable {
    private static final String ADDRESS = "dashboard: ";
    private static final long POLL_MILLISECONDS = 50;

    private final Process process;
    private final Path err;

    private DashboardRun(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /**
     * Starts training.
     *
     * @param photos a folder of class folders
     * @param run the run folder to be made
     * @param options further options of {@code train}
     */
    public static DashboardRun start(Path photos, Path run, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("java.class.path"), Main.class.getName(), "train", "--data",
                        photos.toString(), "--batch-size", "16", "--out", run.toString(), "--dashboard"));
        command.addAll(List.of(options));
        Path err = run.resolveSibling(run.getFileName() + ".err");
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile()).start();
        return new DashboardRun(process, err);
    }

    /** Where the page is, with the token that opens it; waits until the run says so. */
    public URI address() throws IOException, InterruptedException {
        while (true) {
            boolean alive = process.isAlive();
            Optional<String> address = said().lines().filter(line -> line.startsWith(ADDRESS)).findFirst();
            if (address.isPresent()) {
                return URI.create(address.get().substring(ADDRESS.length()));
            }
            if (!alive) {
                throw new IOException("no address was printed, but: " + said());
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
    }

    /** What was printed on standard error up to now. */
    public String said() throws IOException {
        return Files.readString(err);
    }

    /** Ends it as Ctrl-C does. */
    void interrupt() {
        process.toHandle().destroy();
    }

    /** Waits for the end and returns the exit status. */
    public int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
