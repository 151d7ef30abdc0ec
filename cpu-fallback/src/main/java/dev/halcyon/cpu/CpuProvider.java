package dev.halcyon.cpu;

import com.sun.management.OperatingSystemMXBean;
import dev.halcyon.device.Backend;
import dev.halcyon.device.BackendProvider;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Probe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Offers this machine's processor as a device. */
public final class CpuProvider implements BackendProvider {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final double SHARE_OF_MEMORY = 0.85;

    /** Called by {@link java.util.ServiceLoader}. */
    public CpuProvider() {
    }

    @Override
    public String kind() {
        return "cpu";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public Probe probe() {
        return new Probe(kind(), List.of(describe(cores())), Vectorization.problem());
    }

    @Override
    public Backend open(int index, DeviceOptions options) {
        int threads = options.threads() > 0 ? options.threads() : cores();
        return new CpuBackend(threads, describe(threads));
    }

    @Override
    public long defaultMemoryLimit(int index) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return (long) (SHARE_OF_MEMORY * system.getTotalMemorySize());
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static String describe(int threads) {
        int lanes = Vectorization.lanes();
        return processor() + ", " + threads + (threads == 1 ? " thread, " : " threads, ")
                + (lanes == 1 ? "no vector instructions" : lanes + " lanes");
    }

    private static String processor() {
        if (Files.isReadable(CPU_INFO)) {
            try (Stream<String> lines = Files.lines(CPU_INFO)) {
                return lines.filter(line -> line.startsWith("model name")).findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .orElse(System.getProperty("os.arch"));
            } catch (IOException e) {
                return System.getProperty("os.arch");
            }
        }
        return System.getProperty("os.arch");
    }
}
