package dev.halcyon.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.halcyon.it.timing.OperationCase;
import dev.halcyon.it.timing.OperationCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks whose operation or sizes contain the property {@code halcyon.bench}, and writes
 * {@code target/bench.md} and JMH's own {@code target/bench.json}. All of them take a quarter of an hour, on a machine
 * that does nothing else.
 */
class OperationBenchmarkTest {
    private static final String ONLY = System.getProperty("halcyon.bench", "");
    private static final String DEVICE = System.getProperty("halcyon.bench.device", "cpu");
    /** Milliseconds that an iteration measures. */
    private static final int TIME = Integer.getInteger("halcyon.bench.milliseconds", 300);

    @Test
    void everyOperationIsMeasured() throws RunnerException, IOException {
        List<OperationCase> all = OperationCases.containing("");
        List<OperationCase> chosen = OperationCases.containing(ONLY);
        assertFalse(chosen.isEmpty(), "no operation or size contains '" + ONLY + "'");
        String[] numbers = IntStream.range(0, all.size()).filter(i -> chosen.contains(all.get(i)))
                .mapToObj(Integer::toString).toArray(String[]::new);
        Collection<RunResult> results = new Runner(new OptionsBuilder().include(OperationBenchmark.class.getName())
                .param("number", numbers).param("device", DEVICE).warmupTime(TimeValue.milliseconds(2L * TIME))
                .measurementTime(TimeValue.milliseconds(TIME)).shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON).result("target/bench.json").build()).run();
        assertEquals(chosen.size(), results.size());
        StringBuilder table = new StringBuilder("""
                | operation | sizes | µs | ± % | GFLOP/s | GB/s | share of the peak |
                | --- | --- | ---: | ---: | ---: | ---: | ---: |
                """);
        results.forEach(result -> table.append(row(all, result)));
        Files.writeString(Path.of("target", "bench.md"), table);
    }

    private static String row(List<OperationCase> all, RunResult result) {
        OperationCase operation = all.get(Integer.parseInt(result.getParams().getParam("number")));
        double perSecond = result.getPrimaryResult().getScore();
        double gflops = rate(result, "gflop");
        String share = gflops == 0 ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * rate(result, "peaks"));
        return String.format(Locale.ROOT, "| %s | %s | %.1f | %.0f | %.1f | %.1f | %s |%n", operation.operation(),
                operation.sizes(), 1e6 / perSecond, 100 * result.getPrimaryResult().getScoreError() / perSecond,
                gflops, rate(result, "gbyte"), share);
    }

    private static double rate(RunResult result, String counter) {
        return result.getSecondaryResults().get(counter).getScore();
    }
}
