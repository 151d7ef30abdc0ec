package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.halcyon.device.Backend;
import dev.halcyon.device.Buffer;
import dev.halcyon.device.Device;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.View;
import dev.halcyon.it.cases.Argument;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.OpCases;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whatever an operation writes is read anew. A backend may keep weights in a form of its own from their second use on; so
 * every output of the table serves as weights twice before it is written, and once afterwards.
 */
final class ChangedWeightsTest {
    private static final long MOST_ELEMENTS = 4096;
    /** More than are computed without packing. */
    private static final int ROWS = 100;

    private static Device device;

    @BeforeAll
    static void open() {
        device = Device.open("cpu");
    }

    @AfterAll
    static void close() {
        device.close();
    }

    @TestFactory
    Stream<DynamicTest> everyWriteIsNoticed() {
        return OpCases.kernels().stream().flatMap(row -> IntStream.range(0, row.arguments().size())
                .filter(index -> isWritten(row.arguments().get(index)))
                .mapToObj(index -> DynamicTest.dynamicTest(row.name() + ", argument " + index,
                        () -> check(row, index))));
    }

    private static boolean isWritten(Argument argument) {
        return argument.role() != Argument.Role.IN && argument.type() == DataType.FLOAT32
                && argument.shape().elements() <= MOST_ELEMENTS;
    }

    private static void check(KernelCase row, int index) {
        double[] after = new double[Math.toIntExact(row.arguments().get(index).shape().elements())];
        KernelCase watched = new KernelCase(row.method(), row.label(), row.arguments(), row.tolerance(),
                (backend, views) -> {
                    asWeights(backend, views[index]);
                    asWeights(backend, views[index]);
                    row.call().run(backend, views);
                    System.arraycopy(asWeights(backend, views[index]), 0, after, 0, after.length);
                });
        KernelRun.Output output = KernelRun.outputs(watched, device.backend()).stream()
                .filter(it -> it.index() == index).findFirst().orElseThrow();
        double[] written = Arrays.stream(output.numbers()).map(it -> it + 0.0).toArray();
        assertArrayEquals(written, after, output.place(0) + " and what follows");
    }

    /** A row of ones · the weights [1, n]: the weights, with zeros positive. */
    private static double[] asWeights(Backend backend, View weights) {
        int n = Math.toIntExact(weights.elements());
        long inputBytes = ROWS * Float.BYTES;
        byte[] products = new byte[ROWS * n * Float.BYTES];
        Buffer buffer = backend.allocate(inputBytes + products.length);
        try {
            View ones = new View(buffer, 0, Shape.of(ROWS, 1), DataType.FLOAT32);
            View y = new View(buffer, inputBytes, Shape.of(ROWS, n), DataType.FLOAT32);
            backend.fill(ones, 1);
            backend.gemm(Gemm.of(false, false), ones, weights.as(Shape.of(1, n)), y);
            backend.download(y, MemorySegment.ofArray(products));
            return HostNumbers.decode(Arrays.copyOf(products, n * Float.BYTES), DataType.FLOAT32);
        } finally {
            backend.free(buffer);
        }
    }
}
