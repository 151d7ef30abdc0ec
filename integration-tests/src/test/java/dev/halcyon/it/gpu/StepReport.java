package dev.halcyon.it.gpu;

import dev.halcyon.device.Precision;
import dev.halcyon.emulator.driver.Launch;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a training step costs, launch by launch and operation by operation.
 *
 * @param name of the network, with its images
 * @param launches of a step that was submitted as a whole
 * @param nodes of the graphs that these were submitted in
 * @param operations of a step whose operations were carried out one by one
 */
record StepReport(String name, Precision precision, List<Launch> launches, List<Integer> nodes,
        List<Training.Step> operations) {
    static StepReport of(String name, Precision precision, List<Launch> submitted, List<Training.Step> operations) {
        Map<Boolean, List<Launch>> byKind = submitted.stream()
                .collect(Collectors.partitioningBy(Launch.Graph.class::isInstance));
        List<Integer> nodes = byKind.get(true).stream().map(graph -> ((Launch.Graph) graph).nodes()).toList();
        return new StepReport(name, precision, byKind.get(false), nodes, operations);
    }

    /** Launches that are alike. */
    private record Kind(String kernel, String grid, String block, Cost cost) {
        static Kind of(Launch launch, Cost cost) {
            return switch (launch) {
                case Launch.Kernel kernel -> new Kind(kernel.kernel(), kernel.shape().gridX() + " × "
                        + kernel.shape().gridY(), Integer.toString(kernel.shape().blockX()), cost);
                case Launch.Product product -> new Kind("cuBLAS " + product.m() + " × " + product.n() + " × "
                        + product.k(), "", "", cost);
                case Launch.Copy copy ->
                        new Kind("copy " + copy.direction().name().toLowerCase(Locale.ROOT), "", "", cost);
                case Launch.Graph _ ->
                        throw new IllegalArgumentException("expected what a graph does, found " + launch);
                case Launch.Fill _ -> new Kind("fill", "", "", cost);
            };
        }
    }

    private Cost cost(Launch launch) {
        return Costs.of(launch, precision.activations().bytes());
    }

    private Cost cost(List<Launch> some) {
        return some.stream().map(this::cost).reduce(Cost.NONE, Cost::plus);
    }

    private static List<Launch> launches(List<Training.Step> steps) {
        return steps.stream().flatMap(step -> step.launches().stream()).toList();
    }

    private static long least(List<Training.Step> steps) {
        return steps.stream().mapToLong(step -> LeastBytes.of(step.operation())).sum();
    }

    /** Bytes that the step moves, as a multiple of the least. */
    double ratio() {
        return (double) cost(launches).bytes() / least(operations);
    }

    /** Names of the kernels that are launched, without those of cuBLAS. */
    Set<String> kernelNames() {
        return launches.stream().filter(Launch.Kernel.class::isInstance).map(Launch.Kernel.class::cast)
                .map(Launch.Kernel::kernel).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether all was submitted in one graph but for the uploads, which overlap with the graph before. */
    boolean isOneGraph() {
        long uploads = launches.stream()
                .filter(launch -> launch instanceof Launch.Copy copy && copy.direction() == Launch.Direction.TO_DEVICE)
                .count();
        return nodes.equals(List.of((int) (launches.size() - uploads)));
    }

    /** Whether it is what the operations do one by one, so that these explain it. */
    boolean isExplained() {
        return kinds(launches).equals(kinds(launches(operations)));
    }

    private Map<Kind, Long> kinds(List<Launch> some) {
        return some.stream().collect(Collectors.groupingBy(launch -> Kind.of(launch, cost(launch)),
                Collectors.counting()));
    }

    /** @param arithmetic of products; TF32 is one of float32 tensors, so that launches move the same */
    private String times(Precision arithmetic) {
        return String.format(Locale.ROOT, "at least %.2f ms on an H100, %.2f ms on an RTX 4090",
                milliseconds(Gpu.H100, arithmetic), milliseconds(Gpu.RTX_4090, arithmetic));
    }

    private double milliseconds(Gpu gpu, Precision arithmetic) {
        return launches.stream().mapToDouble(launch -> gpu.microseconds(cost(launch), arithmetic)).sum() / 1e3;
    }

    String markdown() {
        return "## " + name + ", " + precision + "\n\n" + summary() + "\n" + families() + "\n" + kernels() + "\n";
    }

    private String summary() {
        return String.format(Locale.ROOT, "%d launches move %.2f GB, %.2f times the least, and do %.3g operations: "
                + "%s%s.%n", launches.size(), cost(launches).bytes() / 1e9, ratio(), (double) cost(launches).flops(),
                times(precision), precision == Precision.FP32 ? "; in TF32 " + times(Precision.TF32) : "");
    }

    private String families() {
        Map<String, List<Training.Step>> byName = operations.stream()
                .collect(Collectors.groupingBy(step -> step.operation().name(), TreeMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder("""
                | operation | calls | launches | least MB | moved MB | ratio |
                | --- | ---: | ---: | ---: | ---: | ---: |
                """);
        byName.forEach((name, steps) -> text.append(line(name, steps)));
        return text.append(line("all", operations)).toString();
    }

    private String line(String operation, List<Training.Step> steps) {
        long moved = cost(launches(steps)).bytes();
        return String.format(Locale.ROOT, "| %s | %d | %d | %.2f | %.2f | %.2f |%n", operation, steps.size(),
                launches(steps).size(), least(steps) / 1e6, moved / 1e6, (double) moved / least(steps));
    }

    private String kernels() {
        StringBuilder text = new StringBuilder("""
                | kernel | grid | block | launches | MB each | Gflop each | µs each, H100 | µs each, RTX 4090 |
                | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                """);
        Map<Kind, Long> kinds = kinds(launches);
        Comparator<Kind> order = Comparator.comparing(Kind::kernel).thenComparing(kind -> -kind.cost.bytes());
        kinds.keySet().stream().sorted(order).forEach(kind -> text.append(String.format(Locale.ROOT,
                "| %s | %s | %s | %d | %.3f | %.3f | %.1f | %.1f |%n", kind.kernel, kind.grid, kind.block,
                kinds.get(kind), kind.cost.bytes() / 1e6, kind.cost.flops() / 1e9,
                Gpu.H100.microseconds(kind.cost, precision), Gpu.RTX_4090.microseconds(kind.cost, precision))));
        return text.toString();
    }
}
