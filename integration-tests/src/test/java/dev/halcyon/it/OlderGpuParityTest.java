package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Device;
import dev.halcyon.it.cases.OpCases;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The kernels for GPUs before compute capability 8.0 compute what the reference computes, for every row of the table.
 * Those GPUs are offered in float32 alone.
 */
@WithEmulatedGpu(required = true, capability = 75)
final class OlderGpuParityTest {
    private static Device reference;
    private static Device gpu;

    @BeforeAll
    static void open() {
        reference = Device.open(Parity.REFERENCE);
        gpu = Device.open("cuda");
    }

    @AfterAll
    static void close() {
        reference.close();
        gpu.close();
    }

    @Test
    void theirKernelsAreTaken() {
        assertTrue(Device.probe().stream().anyMatch(probe -> probe.facts().toString().contains("compute_75")));
    }

    @TestFactory
    Stream<DynamicTest> kernelsAgreeWithTheReference() {
        return OpCases.kernels().stream().map(row -> DynamicTest.dynamicTest(row.name(),
                () -> Parity.check(row, reference.backend(), gpu.backend(), KernelRun.Alignment.values())));
    }
}
