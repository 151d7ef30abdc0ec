package dev.halcyon.cli;

import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that every command which computes has. */
final class CommonOptions {
    @Option(names = "--device", paramLabel = "NAME", defaultValue = Device.AUTO,
            description = "Where to compute: auto, cpu, cuda, cuda:1 (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--threads", paramLabel = "N", converter = AtLeastOne.class,
            description = "Compute threads of a CPU device (default: one per core).")
    private Integer threads;

    @Option(names = "--memory-limit", paramLabel = "MIB", defaultValue = "0",
            description = "The most device memory to use, in MiB (default: what is safe on the device).")
    private long memoryLimit;

    @Mixin
    private OutputOptions output;

    boolean json() {
        return output.json();
    }

    int threads() {
        return threads != null ? threads : Runtime.getRuntime().availableProcessors();
    }

    Device open() {
        return Device.open(device,
                DeviceOptions.DEFAULT.withThreads(threads == null ? 0 : threads).withMemoryLimit(memoryLimit << 20));
    }
}
