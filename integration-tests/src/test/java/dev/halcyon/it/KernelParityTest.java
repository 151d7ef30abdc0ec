package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.device.Device;
import dev.halcyon.it.cases.OpCases;
import dev.halcyon.it.cases.Tolerance;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every backend of this machine computes what the reference computes, for every row of the table. How far apart they
 * may be is said by {@link Tolerance}.
 */
@WithEmulatedGpu
final class KernelParityTest {
    private static final Map<String, Device> DEVICES = new TreeMap<>();
    private static Device reference;

    @BeforeAll
    static void open() {
        reference = Device.open(Parity.REFERENCE);
        Parity.kinds().forEach(kind -> DEVICES.put(kind, Device.open(kind)));
    }

    @AfterAll
    static void close() {
        reference.close();
        DEVICES.values().forEach(Device::close);
        DEVICES.clear();
    }

    @Test
    void thereIsABackendToTest() {
        assertFalse(DEVICES.isEmpty());
    }

    @TestFactory
    Stream<DynamicNode> backendsAgreeWithTheReference() {
        return DEVICES.values().stream().map(device -> DynamicContainer.dynamicContainer(device.name(),
                OpCases.kernels().stream().map(row -> DynamicTest.dynamicTest(row.name(),
                        () -> Parity.check(row, reference.backend(), device.backend(),
                                KernelRun.Alignment.values())))));
    }

    /** Where a device does not compute in bfloat16 it says so, rather than compute something else. */
    @TestFactory
    Stream<DynamicNode> backendsAgreeOrRefuseInBfloat16() {
        return DEVICES.entrySet().stream()
                .map(entry -> bfloat16(entry.getValue(), Parity.computesInBfloat16(entry.getKey())));
    }

    private static DynamicNode bfloat16(Device device, boolean computes) {
        return DynamicContainer.dynamicContainer(device.name(), OpCases.bfloat16().stream()
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    if (computes) {
                        Parity.check(row, reference.backend(), device.backend(), KernelRun.Alignment.values());
                    } else {
                        assertThrows(UnsupportedOperationException.class,
                                () -> KernelRun.outputs(row, device.backend()));
                    }
                })));
    }
}
