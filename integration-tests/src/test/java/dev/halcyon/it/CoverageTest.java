package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.device.Backend;
import dev.halcyon.device.Buffer;
import dev.halcyon.device.View;
import dev.halcyon.it.cases.Argument;
import dev.halcyon.it.cases.GradientCase;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.OpCases;
import dev.halcyon.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Nothing is without a row: neither a method of a backend nor a differentiable operation. */
final class CoverageTest {
    /** Not computations: {@link MemoryContractTest} tests them. */
    private static final Set<String> MEMORY_AND_LIFE =
            Set.of("description", "peakGflopsPerSecond", "allocate", "free", "upload", "download",
                    "prefetch", "copyFrom", "synchronize", "step", "isQueued", "close");

    /** Their results are indices, which have no derivative. */
    private static final Set<String> NOT_DIFFERENTIABLE = Set.of("Reductions.argMax", "Reductions.topK");

    private static final int MOST_PRIMITIVES = 45;

    /** Memory that is never touched. */
    private record Nowhere(long bytes) implements Buffer {
    }

    @Test
    void everyBackendMethodHasARow() {
        Set<String> missing = names(List.of(Backend.class.getMethods()));
        missing.removeAll(MEMORY_AND_LIFE);
        OpCases.kernels().forEach(row -> missing.remove(row.method()));
        assertEquals(Set.of(), missing, "methods of Backend without a KernelCase");
    }

    @Test
    void everyRowCallsTheMethodItNames() {
        for (KernelCase row : OpCases.kernels()) {
            List<String> called = new ArrayList<>();
            row.call().run(recorder(called), row.arguments().stream().map(CoverageTest::view).toArray(View[]::new));
            assertTrue(called.contains(row.method()), row.name() + " calls " + called);
        }
    }

    @Test
    void everyDifferentiableOperationHasARow() {
        Set<String> missing = new TreeSet<>(operations());
        missing.removeAll(NOT_DIFFERENTIABLE);
        assertTrue(missing.size() > 20, "found only " + missing);
        OpCases.gradients().forEach(row -> missing.remove(row.operation()));
        assertEquals(Set.of(), missing, "operations without a GradientCase");
    }

    @Test
    void everyGradientRowNamesAnOperation() {
        Set<String> unknown = OpCases.gradients().stream().map(GradientCase::operation)
                .collect(Collectors.toCollection(TreeSet::new));
        unknown.removeAll(operations());
        assertEquals(Set.of(), unknown);
    }

    @Test
    void namesOfRowsAreUnique() {
        for (List<String> names : List.of(OpCases.kernels().stream().map(KernelCase::name).toList(),
                OpCases.gradients().stream().map(GradientCase::name).toList())) {
            Set<String> seen = new HashSet<>();
            names.forEach(name -> assertTrue(seen.add(name), "two rows are called " + name));
        }
    }

    @Test
    void primitivesStayFew() {
        Set<String> primitives = names(Arrays.stream(Backend.class.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers())).toList());
        assertTrue(primitives.size() <= MOST_PRIMITIVES, primitives.size() + " primitives: " + primitives);
    }

    private static Set<String> names(List<Method> methods) {
        return methods.stream().map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Class and method of every public static method that makes tensors of tensors. */
    private static Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        String home = Elementwise.class.getPackageName();
        for (JavaClass type : new ClassFileImporter().importPackages(home)) {
            if (!type.isTopLevelClass() || type.getSimpleName().endsWith("Test")) {
                continue;
            }
            for (Method method : type.reflect().getDeclaredMethods()) {
                int modifiers = method.getModifiers();
                boolean takesTensors = Arrays.stream(method.getParameterTypes())
                        .anyMatch(parameter -> parameter == Tensor.class || parameter == List.class);
                boolean makesTensors = method.getReturnType() != type.reflect();
                if (Modifier.isPublic(modifiers) && Modifier.isStatic(modifiers) && takesTensors && makesTensors) {
                    operations.add(type.getSimpleName() + "." + method.getName());
                }
            }
        }
        assertFalse(operations.isEmpty());
        return operations;
    }

    /** A backend that computes nothing and notes which methods are called. */
    private static Backend recorder(List<String> called) {
        return (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {Backend.class},
                (proxy, method, arguments) -> {
                    called.add(method.getName());
                    return null;
                });
    }

    private static View view(Argument argument) {
        return new View(new Nowhere(Long.MAX_VALUE), 0, argument.shape(), argument.type());
    }
}
