package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.OpCases;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The same bits with one, two and three threads, and when run again, for every row of the table. */
@WithEmulatedGpu
final class DeterminismTest {
    private static final List<List<Device>> DEVICES = new ArrayList<>();

    @BeforeAll
    static void open() {
        for (String kind : Parity.kinds()) {
            DEVICES.add(Stream.of(1, 2, 3, 2).map(n -> Device.open(kind, DeviceOptions.DEFAULT.withThreads(n)))
                    .toList());
        }
    }

    @AfterAll
    static void close() {
        DEVICES.forEach(devices -> devices.forEach(Device::close));
        DEVICES.clear();
    }

    @TestFactory
    Stream<DynamicTest> bitsDependOnArgumentsAlone() {
        return OpCases.kernels().stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
    }

    private static void check(KernelCase row) {
        for (List<Device> devices : DEVICES) {
            List<KernelRun.Output> first = KernelRun.outputs(row, devices.getFirst().backend());
            for (Device device : devices) {
                List<KernelRun.Output> again = KernelRun.outputs(row, device.backend());
                for (int i = 0; i < first.size(); i++) {
                    assertArrayEquals(first.get(i).bytes(), again.get(i).bytes(), first.get(i).place(0)
                            + " and what follows, on " + device.backend().description());
                }
            }
        }
    }
}
