package dev.halcyon.it.bench;

import dev.halcyon.device.Device;
import dev.halcyon.device.OperationListener.Operation;
import dev.halcyon.it.timing.HalcyonOperation;
import dev.halcyon.it.timing.OperationCase;
import dev.halcyon.it.timing.OperationCases;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Single operations at the sizes of {@link OperationCases}, each in a process of its own. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class OperationBenchmark {
    private static final double BILLION = 1e9;

    /** What is timed, and where. */
    @State(org.openjdk.jmh.annotations.Scope.Thread)
    public static class Work {
        /** Number of the case in the table. */
        @Param("0")
        public int number;

        /** The device, by name. */
        @Param("cpu")
        public String device;

        private Device opened;
        private Scope operands;
        private Supplier<Tensor> call;
        private double flops;
        private double bytes;
        private double peak;

        /** Makes the operands, twice: first on a device that tells what one call computes and moves. */
        @Setup(Level.Trial)
        public void open() {
            OperationCase operation = OperationCases.containing("").get(number);
            opened = Device.open(device);
            peak = opened.backend().peakGflopsPerSecond();
            operands = Scope.open();
            List<Operation> told = new ArrayList<>();
            opened.observe(told::add);
            call = HalcyonOperation.of(operation, opened);
            told.clear();
            call.get();
            opened.observe(null);
            call = HalcyonOperation.of(operation, opened);
            flops = told.stream().mapToDouble(Operation::flops).sum();
            bytes = told.stream().mapToDouble(Operation::bytes).sum();
        }

        /** Gives everything back. */
        @TearDown(Level.Trial)
        public void close() {
            operands.close();
            opened.close();
        }
    }

    /** What was done, which JMH divides by the time it took. */
    @State(org.openjdk.jmh.annotations.Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Rates {
        /** 10⁹ floating-point operations. */
        public double gflop;
        /** 10⁹ bytes of the operands and results, each counted once. */
        public double gbyte;
        /** Share of what the arithmetic units could have done in a second. */
        public double peaks;
    }

    /** One call, waited for. */
    @Benchmark
    public void run(Work work, Rates rates) {
        try (Scope _ = Scope.open()) {
            work.call.get();
            work.opened.backend().synchronize();
        }
        rates.gflop += work.flops / BILLION;
        rates.gbyte += work.bytes / BILLION;
        rates.peaks += work.peak == 0 ? 0 : work.flops / BILLION / work.peak;
    }
}
