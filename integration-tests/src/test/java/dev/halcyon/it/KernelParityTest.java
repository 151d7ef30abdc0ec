package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.device.Device;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.OpCases;
import dev.halcyon.it.cases.Tolerance;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final Set<Device> DEVICES_IN_BFLOAT16 = new HashSet<>();
    private static Device reference;

    @BeforeAll
    static void open() {
        reference = Device.open(Parity.REFERENCE);
        for (String kind : Parity.kinds()) {
            Device device = Device.open(kind);
            DEVICES.put(kind, device);
            if (Parity.computesInBfloat16(kind)) {
                DEVICES_IN_BFLOAT16.add(device);
            }
        }
    }

    @AfterAll
    static void close() {
        reference.close();
        DEVICES.values().forEach(Device::close);
        DEVICES.clear();
        DEVICES_IN_BFLOAT16.clear();
    }

    @Test
    void thereIsABackendToTest() {
        assertFalse(DEVICES.isEmpty());
    }

    @TestFactory
    Stream<DynamicNode> backendsAgreeWithTheReference() {
        return alignments(OpCases.kernels(), (row, device, alignment) -> Parity.check(row, reference.backend(),
                device.backend(), alignment));
    }

    /** Where a device does not compute in bfloat16 it says so, rather than compute something else. */
    @TestFactory
    Stream<DynamicNode> backendsAgreeOrRefuseInBfloat16() {
        return alignments(OpCases.bfloat16(), (row, device, alignment) -> {
            if (DEVICES_IN_BFLOAT16.contains(device)) {
                Parity.check(row, reference.backend(), device.backend(), alignment);
            } else {
                assertThrows(UnsupportedOperationException.class, () -> KernelRun.outputs(row, device.backend()));
            }
        });
    }

    /** A check of a row on a device with views placed in some way. */
    private interface Check {
        void run(KernelCase row, Device device, KernelRun.Alignment alignment);
    }

    private static Stream<DynamicNode> alignments(List<KernelCase> rows, Check check) {
        return DEVICES.values().stream().flatMap(device -> Arrays.stream(KernelRun.Alignment.values())
                .map(alignment -> DynamicContainer.dynamicContainer(device.name() + ", aligned: " + alignment,
                        rows.stream().map(row -> DynamicTest.dynamicTest(row.name(),
                                () -> check.run(row, device, alignment))))));
    }
}
