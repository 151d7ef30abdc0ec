package dev.halcyon.it;

import dev.halcyon.device.Device;
import dev.halcyon.it.cases.Bfloat16Cases;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** On bfloat16 data, the CUDA backend computes what the reference computes and rounds. */
@WithEmulatedGpu(required = true)
final class Bfloat16ParityTest {
    private static Device reference;
    private static Device cuda;

    @BeforeAll
    static void open() {
        reference = Device.open(Parity.REFERENCE);
        cuda = Device.open("cuda");
    }

    @AfterAll
    static void close() {
        reference.close();
        cuda.close();
    }

    @TestFactory
    Stream<DynamicNode> cudaAgreesWithTheReference() {
        return Arrays.stream(KernelRun.Alignment.values())
                .map(alignment -> DynamicContainer.dynamicContainer("aligned: " + alignment,
                        Bfloat16Cases.rows().stream().map(row -> DynamicTest.dynamicTest(row.name(),
                                () -> Parity.check(row, reference.backend(), cuda.backend(), alignment)))));
    }
}
