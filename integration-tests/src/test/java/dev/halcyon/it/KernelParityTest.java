package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.halcyon.device.Device;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.OpCases;
import dev.halcyon.it.cases.Tolerance;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every backend of this machine computes what the reference computes, for every row of the table. How far apart they
 * may be is said by {@link Tolerance}.
 */
final class KernelParityTest {
    private static Device reference;

    @BeforeAll
    static void open() {
        reference = Device.open(Parity.REFERENCE);
    }

    @AfterAll
    static void close() {
        reference.close();
    }

    @Test
    void thereIsABackendToTest() {
        assertFalse(Parity.kinds().isEmpty());
    }

    static Stream<String> kinds() {
        return Parity.kinds().stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void backendsAgreeWithTheReference(String kind) {
        try (Device device = Device.open(kind)) {
            Failures failures = new Failures();
            for (KernelCase row : OpCases.kernels()) {
                failures.attempt(row.name(), () -> Parity.check(row, reference.backend(), device.backend()));
            }
            failures.report();
        }
    }
}
