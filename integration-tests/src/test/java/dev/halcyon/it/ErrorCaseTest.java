package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.device.Device;
import dev.halcyon.it.cases.ErrorCase;
import dev.halcyon.it.cases.OpCases;
import dev.halcyon.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is wrong is refused before a backend runs, with the same sentence on every device, and costs no memory. */
@WithEmulatedGpu
final class ErrorCaseTest {
    private static final List<Device> DEVICES = new ArrayList<>();

    @BeforeAll
    static void open() {
        DEVICES.add(Device.open(Parity.REFERENCE));
        Parity.kinds().forEach(kind -> DEVICES.add(Device.open(kind)));
    }

    @AfterAll
    static void close() {
        DEVICES.forEach(Device::close);
        DEVICES.clear();
    }

    @TestFactory
    Stream<DynamicTest> wrongCallsAreRefusedInOneSentence() {
        return OpCases.errors().stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> {
            for (Device device : DEVICES) {
                check(row, device);
            }
        }));
    }

    private static void check(ErrorCase row, Device device) {
        long before = device.memory().inUse();
        Scope scope = Scope.open();
        try (scope) {
            RuntimeException refusal = assertThrows(row.type(), () -> row.call().accept(device));
            assertSame(row.type(), refusal.getClass());
            assertEquals(row.message().replace("DEVICE", device.name()), refusal.getMessage());
        }
        assertEquals(before, device.memory().inUse(), "bytes in use afterwards");
    }
}
