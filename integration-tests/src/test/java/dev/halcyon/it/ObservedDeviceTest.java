package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Device;
import dev.halcyon.device.OperationListener.Operation;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.OpCases;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A device that is observed carries out every operation as before, and tells of it under its own name. */
final class ObservedDeviceTest {
    @Test
    void everyOperationIsToldAndDone() {
        Set<String> methods = new HashSet<>();
        try (Device observed = Device.open("cpu"); Device plain = Device.open("reference")) {
            List<Operation> told = new ArrayList<>();
            observed.observe(told::add);
            for (KernelCase row : OpCases.kernels()) {
                if (methods.add(row.method())) {
                    told.clear();
                    Parity.check(row, plain.backend(), observed.backend(), KernelRun.Alignment.MIXED);
                    List<Operation> named = told.stream().filter(o -> o.name().equals(row.method())).toList();
                    assertEquals(1, named.size(), row.name());
                    assertTrue(named.getFirst().nanoseconds() > 0 && named.getFirst().bytes() > 0, row.name());
                }
            }
        }
    }
}
