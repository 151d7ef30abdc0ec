package dev.halcyon.it.peer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts the processes whose times are compared, each alone on the machine. */
final class PeerProcess {
    /** Keeps the C library from giving every large block back to the system, and from getting it anew page by page. */
    private static final Map<String, String> MALLOC = Map.of("GLIBC_TUNABLES",
            "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=8589934592"
                    + ":glibc.malloc.top_pad=268435456");
    private static final String CORES = Integer.toString(Runtime.getRuntime().availableProcessors());
    private static final Path OPTIONS = Path.of(System.getProperty("halcyon.root"), "models/src/main/launcher");
    /** What the launcher gives the JVM. */
    private static final List<String> HALCYON_FLAGS = List.of("@" + OPTIONS.resolve("jvm-options"),
            "-XX:CompilerDirectivesFile=" + OPTIONS.resolve("compiler-directives.json"));
    private static final List<String> LIBTORCH_FLAGS = List.of("--enable-native-access=ALL-UNNAMED");

    private PeerProcess() {
    }

    /**
     * The settings under which libtorch is known to do best; which of them is best depends on the network.
     *
     * @param threading variables of the environment that say who waits and who computes
     */
    record Setting(boolean channelsLast, Map<String, String> threading) {
        static List<Setting> all() {
            List<Setting> all = new ArrayList<>();
            for (boolean channelsLast : new boolean[] {false, true}) {
                all.add(new Setting(channelsLast, Map.of("OMP_WAIT_POLICY", "passive", "OPENBLAS_NUM_THREADS", CORES)));
                all.add(new Setting(channelsLast, Map.of("OMP_NUM_THREADS", CORES, "OPENBLAS_NUM_THREADS", "1")));
            }
            return List.copyOf(all);
        }
    }

    /** Lines that a libtorch process printed; it is given its threads and layout after the arguments. */
    static List<String> libtorch(Class<?> main, Setting setting, List<String> arguments) throws IOException {
        List<String> command = java(LIBTORCH_FLAGS, main, arguments);
        command.add(CORES);
        command.add(Boolean.toString(setting.channelsLast()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_") || name.startsWith("OMP_"));
        builder.environment().putAll(MALLOC);
        builder.environment().putAll(setting.threading());
        return lines(builder);
    }

    /** Lines that a Halcyon process printed. */
    static List<String> halcyon(Class<?> main, List<String> arguments) throws IOException {
        return lines(new ProcessBuilder(java(HALCYON_FLAGS, main, arguments)));
    }

    /** Lines that the launcher printed. */
    static List<String> launcher(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("halcyon.root"), "halcyon").toString());
        command.addAll(arguments);
        return lines(new ProcessBuilder(command));
    }

    private static List<String> java(List<String> flags, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    private static List<String> lines(ProcessBuilder builder) throws IOException {
        File errors = File.createTempFile("peer", ".log");
        try {
            Process process = builder.redirectError(errors).start();
            List<String> lines = process.inputReader().lines().toList();
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(builder.command() + " ended with " + status + ": "
                        + Files.readString(errors.toPath()));
            }
            return lines;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.delete(errors.toPath());
        }
    }
}
