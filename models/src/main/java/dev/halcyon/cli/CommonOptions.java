package dev.halcyon.cli;

import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Precision;
import dev.halcyon.text.Suggestion;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that every command which computes has. */
final class CommonOptions {
    @Option(names = "--device", paramLabel = "NAME", defaultValue = Device.AUTO,
            split = ",",
            description = "Where to compute: auto, cpu, cuda, cuda:1 (default: ${DEFAULT-VALUE}); to train on"
                    + " several, cuda:0,cuda:1.")
    private List<String> devices;

    @Option(names = "--threads", paramLabel = "N", converter = AtLeastOne.class,
            description = "Compute threads of a CPU device (default: one per core).")
    private Integer threads;

    @Option(names = "--memory-limit", paramLabel = "MIB", defaultValue = "0",
            description = "The most device memory to use, in MiB (default: what is safe on the device).")
    private long memoryLimit;

    @Option(names = "--precision", paramLabel = "NAME", defaultValue = "fp32", converter = PrecisionConverter.class,
            description = "How exactly products and convolutions are computed: fp32; tf32 or bf16 on GPUs that have them"
                    + " (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Mixin
    private OutputOptions output;

    boolean json() {
        return output.json();
    }

    int threads() {
        return threads != null ? threads : Runtime.getRuntime().availableProcessors();
    }

    /** Opens the device of a command that computes on one. */
    Device open() {
        if (devices.size() != 1) {
            throw new IllegalArgumentException("--device " + String.join(",", devices)
                    + ": only training uses several devices; name one");
        }
        return open(devices.getFirst());
    }

    /** Opens one of the devices. */
    Device open(String device) {
        return Device.open(device, DeviceOptions.DEFAULT.withThreads(threads == null ? 0 : threads)
                .withMemoryLimit(memoryLimit << 20).withPrecision(precision));
    }

    /** Names of the devices, in their order. */
    List<String> devices() {
        return devices;
    }

    Precision precision() {
        return precision;
    }

    /** Reads the option's text. */
    private static final class PrecisionConverter implements ITypeConverter<Precision> {
        /** Called by picocli. */
        PrecisionConverter() {
        }

        @Override
        public Precision convert(String text) {
            return Arrays.stream(Precision.values()).filter(known -> known.toString().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("unknown precision '" + text + "'"
                            + Suggestion.among(text, Arrays.stream(Precision.values()).map(Precision::toString)
                                    .toList())));
        }
    }
}
