package dev.halcyon.it.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.halcyon.device.Device;
import dev.halcyon.it.timing.OperationCase;
import dev.halcyon.it.timing.OperationCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Writes {@code target/peer.md}: how long Halcyon and libtorch take for the same on this machine. It runs for an hour
 * or more and asserts only that both compute the same; so it has to be asked for.
 *
 * <p>Every measurement is a process of its own. A round runs Halcyon once and libtorch once in each of its settings, of
 * which the fastest counts; the table gives the medians of the rounds. Operations are timed some at a time, so that the
 * two times of one operation are a minute apart: a shared machine's speed changes over minutes.
 */
@EnabledIfSystemProperty(named = "halcyon.peerTable", matches = "all|models|operations")
class PeerTableTest {
    private static final String WHAT = System.getProperty("halcyon.peerTable");
    private static final int SAMPLES = Integer.getInteger("halcyon.peerTable.samples", 15);
    private static final int ROUNDS = Integer.getInteger("halcyon.peerTable.rounds", 3);
    private static final String ONLY = System.getProperty("halcyon.peerTable.only", "");
    private static final int OPERATIONS_AT_A_TIME = 8;
    private static final double TOLERANCE = 1e-3;
    private static final List<Network> NETWORKS = List.of(new Network("mlp", 28, 1, 10, 128, 3000, 1000),
            new Network("lenet", 28, 1, 10, 128, 1500, 500), new Network("resnet18", 32, 3, 10, 64, 10, 20),
            new Network("vgg11", 32, 3, 10, 64, 20, 30), new Network("mobilenetv2", 96, 3, 10, 32, 20, 30),
            new Network("resnet50", 224, 3, 1000, 16, 12, 7));

    private final StringBuilder page = new StringBuilder();

    /** Of its steps the first {@code warmup} are not counted: after so many both are as fast as they get. */
    private record Network(String name, int extent, int channels, int classes, int batch, int warmup, int steps) {
    }

    /** What a process told of a network's steps. */
    private record Step(double milliseconds, long parameters, double mebibytes) {
        static Step parse(List<String> lines) {
            JsonObject json = JsonParser.parseString(String.join("\n", lines)).getAsJsonObject();
            return new Step(json.get("median_ms").getAsDouble(), json.get("parameters").getAsLong(),
                    json.get("peak_rss_mib").getAsDouble());
        }
    }

    @Test
    void tableIsWritten() throws IOException {
        try (Device device = Device.open("cpu")) {
            line("Halcyon %s and libtorch 2.10.0 on %s, JDK %s, %s.", "0.1.0", device.backend().description(),
                    Runtime.version().feature(), LocalDate.now());
        }
        line("Medians of %d rounds, each in a process of its own, of libtorch the fastest of four settings.", ROUNDS);
        line("A ratio is libtorch's time by Halcyon's: above 1 Halcyon is faster.");
        if (!WHAT.equals("operations")) {
            networks();
        }
        if (!WHAT.equals("models")) {
            operations();
        }
        Files.writeString(Path.of("target", "peer.md"), page);
    }

    private void line(String format, Object... values) {
        page.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void networks() throws IOException {
        line("");
        line("| step | network (input, batch) | Halcyon ms | libtorch ms | ratio | Halcyon MiB | libtorch MiB |");
        line("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        for (String kind : List.of("train", "infer")) {
            for (Network network : NETWORKS.stream().filter(it -> ONLY.isEmpty() || ONLY.equals(it.name())).toList()) {
                List<Step> ours = new ArrayList<>();
                List<Step> theirs = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    ours.add(halcyon(kind, network));
                    theirs.add(libtorch(kind, network));
                }
                assertEquals(theirs.getFirst().parameters(), ours.getFirst().parameters(), network.name());
                double our = median(ours, Step::milliseconds);
                double their = median(theirs, Step::milliseconds);
                line("| %s | %s (%dx%dx%d, %d) | %.2f | %.2f | %.2f | %.0f | %.0f |", kind, network.name(),
                        network.extent(), network.extent(), network.channels(), network.batch(), our, their,
                        their / our, median(ours, Step::mebibytes), median(theirs, Step::mebibytes));
            }
        }
    }

    private static Step halcyon(String kind, Network network) throws IOException {
        return Step.parse(PeerProcess.launcher(List.of("bench", kind, "--device", "cpu", "--json", "--model",
                network.name(), "--image-size", network.extent() + "x" + network.extent(), "--channels",
                text(network.channels()), "--classes", text(network.classes()), "--batch-size", text(network.batch()),
                "--warmup", text(network.warmup()), "--steps", text(network.steps()))));
    }

    private static Step libtorch(String kind, Network network) throws IOException {
        List<Step> settings = new ArrayList<>();
        for (PeerProcess.Setting setting : PeerProcess.Setting.all()) {
            settings.add(Step.parse(PeerProcess.libtorch(TorchStep.class, setting, List.of(kind, network.name(),
                    text(network.extent()), text(network.channels()), text(network.classes()), text(network.batch()),
                    text(network.warmup()), text(network.steps())))));
        }
        return settings.stream().min(Comparator.comparingDouble(Step::milliseconds)).orElseThrow();
    }

    private static String text(int number) {
        return Integer.toString(number);
    }

    private void operations() throws IOException {
        List<OperationCase> cases = OperationCases.containing(ONLY);
        line("Weights stay the same from call to call, as in inference: forward, Halcyon packs or maps them only once.");
        line("");
        line("| operation | sizes | Halcyon µs | libtorch µs | ratio |");
        line("| --- | --- | ---: | ---: | ---: |");
        for (int first = 0; first < cases.size(); first += OPERATIONS_AT_A_TIME) {
            operations(cases.subList(first, Math.min(first + OPERATIONS_AT_A_TIME, cases.size())), first);
        }
    }

    private void operations(List<OperationCase> cases, int first) throws IOException {
        List<String> arguments = List.of(text(SAMPLES), ONLY, text(first), text(first + cases.size()));
        List<List<OperationTime>> ours = new ArrayList<>();
        List<List<OperationTime>> theirs = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ours.add(times(PeerProcess.halcyon(HalcyonOperations.class, arguments)));
            theirs.add(fastest(arguments));
        }
        for (int i = 0; i < cases.size(); i++) {
            int number = i;
            OperationCase operation = cases.get(i);
            double norm = theirs.getFirst().get(i).norm();
            assertEquals(norm, ours.getFirst().get(i).norm(), TOLERANCE * norm,
                    operation.operation() + " " + operation.sizes());
            double our = median(ours, times -> times.get(number).microseconds());
            double their = median(theirs, times -> times.get(number).microseconds());
            line("| %s | %s | %.1f | %.1f | %.2f |", operation.operation(), operation.sizes(), our, their,
                    their / our);
        }
    }

    private static List<OperationTime> times(List<String> lines) {
        return lines.stream().map(OperationTime::parse).toList();
    }

    /** One round of libtorch: of each case the fastest setting. */
    private static List<OperationTime> fastest(List<String> arguments) throws IOException {
        List<List<OperationTime>> settings = new ArrayList<>();
        for (PeerProcess.Setting setting : PeerProcess.Setting.all()) {
            settings.add(times(PeerProcess.libtorch(TorchOperations.class, setting, arguments)));
        }
        return settings.stream().reduce(PeerTableTest::faster).orElseThrow();
    }

    private static List<OperationTime> faster(List<OperationTime> some, List<OperationTime> others) {
        List<OperationTime> faster = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            faster.add(some.get(i).microseconds() < others.get(i).microseconds() ? some.get(i) : others.get(i));
        }
        return faster;
    }

    private static <T> double median(List<T> rounds, ToDoubleFunction<T> value) {
        double[] sorted = rounds.stream().mapToDouble(value).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
