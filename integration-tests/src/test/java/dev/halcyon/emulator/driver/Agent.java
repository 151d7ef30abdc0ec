package dev.halcyon.emulator.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts an emulated GPU before a program's main class, from the shell:
 *
 * <pre>
 * HALCYON_JVM_OPTS='-XX:-UseSerialGC -XX:+UseG1GC
 *         -javaagent:integration-tests/target/emulated-gpu/emulated-gpu-agent.jar=devices=2' ./halcyon doctor
 * </pre>
 *
 * Options, separated by commas: {@code devices=N}, {@code capability=75}, {@code memory=MIB}, {@code driver=11070},
 * {@code peers=false}, {@code cublas=false}; {@code execute=false} only pretends to run kernels; {@code out-of-memory=N},
 * {@code launch-failure=N}, {@code loss=N}, {@code cublas-failure=true} and {@code ptx-refused=true} let things go wrong;
 * {@code report=FILE} writes there at the program's end what was found and what is alive.
 */
public final class Agent {
    private static final long MIB = 1 << 20;

    private Agent() {
    }

    /**
     * Called by the JVM.
     *
     * @throws IllegalArgumentException for an unknown option
     */
    public static void premain(String options) {
        Settings settings = Settings.standard().withoutRecording();
        Path report = null;
        for (String option : options == null ? new String[0] : options.split(",")) {
            int split = option.indexOf('=');
            String name = option.substring(0, Math.max(0, split));
            String value = option.substring(split + 1);
            if (name.equals("report")) {
                report = Path.of(value);
            } else {
                settings = with(settings, name, value);
            }
        }
        EmulatedGpu gpu = EmulatedGpu.start(settings);
        if (report != null) {
            Path file = report;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> write(gpu, file)));
        }
    }

    private static Settings with(Settings settings, String name, String value) {
        return switch (name) {
            case "devices" -> settings.withDevices(Integer.parseInt(value));
            case "capability" -> settings.withCapability(Integer.parseInt(value));
            case "memory" -> settings.withMemory(MIB * Long.parseLong(value));
            case "driver" -> settings.withDriverVersion(Integer.parseInt(value));
            case "peers" -> Boolean.parseBoolean(value) ? settings : settings.withoutPeerAccess();
            case "cublas" -> Boolean.parseBoolean(value) ? settings : settings.withoutCublas();
            case "execute" -> Boolean.parseBoolean(value) ? settings : settings.withoutExecution();
            case "out-of-memory" -> settings.withFailures(Failures.outOfMemoryFrom(Long.parseLong(value)));
            case "launch-failure" -> settings.withFailures(Failures.launchFailureAt(Long.parseLong(value)));
            case "loss" -> settings.withFailures(Failures.deviceLostAt(Long.parseLong(value)));
            case "cublas-failure" -> settings.withFailures(Failures.cublasNotInitialised());
            case "ptx-refused" -> settings.withFailures(Failures.ptxRefused());
            default -> throw new IllegalArgumentException("unknown option of the emulated GPU: " + name);
        };
    }

    private static void write(EmulatedGpu gpu, Path file) {
        List<String> lines = new ArrayList<>();
        gpu.findings().forEach(finding -> lines.add("finding: " + finding));
        gpu.faults().forEach(fault -> lines.add("fault: " + fault));
        lines.add("alive: " + gpu.alive());
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
