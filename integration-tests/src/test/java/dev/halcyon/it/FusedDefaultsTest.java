package dev.halcyon.it;

import dev.halcyon.device.Backend;
import dev.halcyon.device.Device;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.OpCases;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The fused operations that {@link Backend} makes of primitives give what the reference's own loops give: a backend
 * that has the primitives alone is complete.
 */
final class FusedDefaultsTest {
    private static Device reference;

    @BeforeAll
    static void open() {
        reference = Device.open(Parity.REFERENCE);
    }

    @AfterAll
    static void close() {
        reference.close();
    }

    @TestFactory
    Stream<DynamicTest> defaultsAgreeWithTheReference() {
        Backend primitives = withoutOverrides(reference.backend());
        Set<String> fused = Arrays.stream(Backend.class.getMethods()).filter(Method::isDefault).map(Method::getName)
                .collect(Collectors.toSet());
        return OpCases.kernels().stream().filter(row -> fused.contains(row.method()))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row, primitives)));
    }

    private static void check(KernelCase row, Backend primitives) {
        Parity.check(row, reference.backend(), primitives, KernelRun.Alignment.MIXED);
    }

    /** A backend that passes the abstract methods on to another and leaves the rest to the interface. */
    private static Backend withoutOverrides(Backend backend) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            try {
                return method.invoke(backend, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {Backend.class},
                handler);
    }
}
