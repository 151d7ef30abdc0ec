package dev.halcyon.it.gpu;

import dev.halcyon.emulator.driver.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kernels of the PTX that ships, in the resources of the CUDA backend. */
final class ShippedKernels {
    private static final Path RESOURCES = Path.of("../cuda-kernels/src/main/resources/dev/halcyon/cuda/ptx");
    private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)");

    /** Of each module, by its text. */
    private final Map<String, List<ShippedKernel>> modules;

    private ShippedKernels(Map<String, List<ShippedKernel>> modules) {
        this.modules = modules;
    }

    static ShippedKernels read() throws IOException {
        Map<String, List<ShippedKernel>> modules = new HashMap<>();
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String ptx = Files.readString(file);
                modules.put(ptx, kernels(file, ptx));
            }
        }
        return new ShippedKernels(modules);
    }

    private static List<ShippedKernel> kernels(Path file, String ptx) {
        String target = file.getParent().getFileName().toString();
        String family = file.getFileName().toString().replace(".ptx", "");
        return ENTRY.matcher(ptx).results().map(entry -> new ShippedKernel(target, family, entry.group(1))).toList();
    }

    List<ShippedKernel> all() {
        return modules.values().stream().flatMap(List::stream).toList();
    }

    /** Which of them was launched. */
    ShippedKernel of(Launch.Kernel launch) {
        return modules.get(launch.ptx()).stream().filter(kernel -> kernel.name().equals(launch.kernel())).findFirst()
                .orElseThrow();
    }
}
