package dev.halcyon.it.gpu;

import dev.halcyon.device.Precision;
import dev.halcyon.emulator.driver.Launch;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a training step costs, launch by launch and operation by operation.
 *
 * @param name of the network, with its images
 * @param launches of a step that was submitted as a whole
 * @param operations of a step whose operations were carried out one by one
 */
record StepReport(String name, Precision precision, List<Launch> launches, List<Training.Step> operations) {
    private static final int ELEMENT_BYTES = 4;

    /** Launches that are alike. */
    private record Kind(String kernel, String grid, String block, Cost cost) {
        static Kind of(Launch launch) {
            Cost cost = Costs.of(launch, ELEMENT_BYTES);
            return switch (launch) {
                case Launch.Kernel kernel -> new Kind(kernel.kernel(), kernel.shape().gridX() + " × "
                        + kernel.shape().gridY(), Integer.toString(kernel.shape().blockX()), cost);
                case Launch.Product product -> new Kind("cuBLAS " + product.m() + " × " + product.n() + " × "
                        + product.k(), "", "", cost);
                case Launch.Copy copy ->
                        new Kind("copy " + copy.direction().name().toLowerCase(Locale.ROOT), "", "", cost);
                case Launch.Fill fill -> new Kind("fill", "", "", cost);
            };
        }
    }

    private record Family(String name, List<Training.Step> steps) {
        Cost cost() {
            return sum(steps.stream().flatMap(step -> step.launches().stream()).toList());
        }

        long launches() {
            return steps.stream().mapToLong(step -> step.launches().size()).sum();
        }

        long least() {
            return steps.stream().mapToLong(step -> LeastBytes.of(step.operation())).sum();
        }
    }

    private static Cost sum(List<Launch> launches) {
        return launches.stream().map(launch -> Costs.of(launch, ELEMENT_BYTES)).reduce(Cost.NONE, Cost::plus);
    }

    Cost cost() {
        return sum(launches);
    }

    /** Bytes that the step moves, as a multiple of the least. */
    double ratio() {
        return (double) cost().bytes() / all().least();
    }

    private Family all() {
        return new Family("all", operations);
    }

    /** How many launches there are of each kind; the same whether or not they were submitted as a whole. */
    static Map<?, Long> kinds(List<Launch> launches) {
        return launches.stream().collect(Collectors.groupingBy(Kind::of, Collectors.counting()));
    }

    private double milliseconds(Gpu gpu) {
        return launches.stream().mapToDouble(launch -> gpu.microseconds(Costs.of(launch, ELEMENT_BYTES), precision))
                .sum() / 1e3;
    }

    String markdown() {
        return "## " + name + ", " + precision + "\n\n" + summary() + "\n" + families() + "\n" + kernels() + "\n";
    }

    private String summary() {
        return String.format(Locale.ROOT, "%d launches move %.2f GB, %.2f times the least, and do %.3g operations: "
                + "at least %.2f ms on an H100, %.2f ms on an RTX 4090.%n", launches.size(), cost().bytes() / 1e9,
                ratio(), (double) cost().flops(), milliseconds(Gpu.H100), milliseconds(Gpu.RTX_4090));
    }

    private String families() {
        Map<String, List<Training.Step>> byName = operations.stream()
                .collect(Collectors.groupingBy(step -> step.operation().name(), TreeMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder("""
                | operation | calls | launches | least MB | moved MB | ratio |
                | --- | ---: | ---: | ---: | ---: | ---: |
                """);
        byName.forEach((operation, steps) -> text.append(line(new Family(operation, steps))));
        return text.append(line(all())).toString();
    }

    private static String line(Family family) {
        return String.format(Locale.ROOT, "| %s | %d | %d | %.2f | %.2f | %.2f |%n", family.name,
                family.steps.size(), family.launches(), family.least() / 1e6, family.cost().bytes() / 1e6,
                (double) family.cost().bytes() / family.least());
    }

    private String kernels() {
        Map<Kind, Long> counts = launches.stream()
                .collect(Collectors.groupingBy(Kind::of, Collectors.counting()));
        StringBuilder text = new StringBuilder("""
                | kernel | grid | block | launches | MB each | Gflop each | µs each, H100 | µs each, RTX 4090 |
                | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                """);
        Comparator<Kind> order = Comparator.comparing(Kind::kernel).thenComparing(kind -> -kind.cost.bytes());
        counts.keySet().stream().sorted(order).forEach(kind -> text.append(String.format(Locale.ROOT,
                "| %s | %s | %s | %d | %.3f | %.3f | %.1f | %.1f |%n", kind.kernel, kind.grid, kind.block,
                counts.get(kind), kind.cost.bytes() / 1e6, kind.cost.flops() / 1e9,
                Gpu.H100.microseconds(kind.cost, precision), Gpu.RTX_4090.microseconds(kind.cost, precision))));
        return text.toString();
    }
}
