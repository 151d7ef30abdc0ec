package dev.halcyon.it;

import dev.halcyon.device.Backend;
import dev.halcyon.device.Device;
import dev.halcyon.it.cases.OpCases;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which operation has a kernel in which backend, as a Markdown table. */
final class SupportMatrix {
    private static final String OWN = "kernel";
    private static final String INHERITED = "from primitives";

    private SupportMatrix() {
    }

    static String markdown() {
        List<String> kinds = Stream.concat(Stream.of(Parity.REFERENCE), Parity.kinds().stream()).toList();
        StringBuilder table = new StringBuilder("| operation |");
        kinds.forEach(kind -> table.append(' ').append(kind).append(" |"));
        table.append("\n| --- |").repeat(" --- |", kinds.size()).append('\n');
        List<Device> devices = new ArrayList<>();
        try {
            kinds.forEach(kind -> devices.add(Device.open(kind)));
            Set<String> operations = new LinkedHashSet<>();
            OpCases.kernels().forEach(row -> operations.add(row.method()));
            for (String operation : operations) {
                table.append("| `").append(operation).append("` |");
                devices.forEach(device -> table.append(' ').append(support(device.backend(), operation)).append(" |"));
                table.append('\n');
            }
        } finally {
            devices.forEach(Device::close);
        }
        return table.toString();
    }

    private static String support(Backend backend, String operation) {
        for (Method method : backend.getClass().getMethods()) {
            if (method.getName().equals(operation) && method.getDeclaringClass() != Backend.class) {
                return OWN;
            }
        }
        return INHERITED;
    }
}
