package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JIT compiler takes every vector kernel, and inlines every call of the Vector API and every scalar access into it.
 * Where it gives up, which happens in some runs and not in others once a kernel is too large, a kernel becomes many times
 * slower without being wrong.
 */
final class JitTest {
    private static final String KERNELS = "dev.halcyon.cpu.simd.";
    private static final String VECTORS = "jdk.incubator.vector.";
    private static final String SCALARS = "jdk.internal.misc.Unsafe::";
    private static final String TRIED_AGAIN = "concurrent class loading";
    private static final List<String> REPORT = List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+PrintCompilation",
            "-XX:CompileCommand=quiet", "-XX:CompileCommand=PrintInlining," + KERNELS + "*::*");

    @ParameterizedTest
    @ValueSource(strings = {"lenet", "convnet", "mobilenetv2"})
    void everyKernelIsCompiledWhole(String network) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules",
                "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx512m"));
        command.addAll(REPORT);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.halcyon.cli.Main"));
        check(new ProcessBuilder(command).redirectErrorStream(true), network);
    }

    /** The launcher has kernels compiled early, when little is known of how often what is called. */
    @ParameterizedTest
    @ValueSource(strings = {"lenet", "convnet", "mobilenetv2"})
    void everyKernelIsCompiledWholeByTheLauncher(String network) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("halcyon.root"), "halcyon").toString())
                .redirectErrorStream(true);
        builder.environment().put("HALCYON_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("HALCYON_JVM_OPTS", String.join(" ", REPORT));
        check(builder, network);
    }

    private static void check(ProcessBuilder builder, String network) throws IOException, InterruptedException {
        builder.command().addAll(List.of("bench", "train", "--model", network, "--batch-size", "8", "--image-size",
                "32x32", "--steps", "40", "--warmup", "40"));
        Process process = builder.start();
        List<String> lines = process.inputReader().lines().filter(JitTest::concernsKernels).toList();
        assertEquals(0, process.waitFor());
        assertTrue(lines.stream().anyMatch(line -> line.contains(KERNELS + "VectorTiles::")), "no kernel was compiled");
        assertEquals(List.of(), lines.stream()
                .filter(line -> line.contains("COMPILE SKIPPED") && !line.contains(TRIED_AGAIN)).toList());
        assertEquals(List.of(), lines.stream()
                .filter(line -> line.contains(VECTORS) && line.contains("NodeCountInliningCutoff")).toList());
        assertEquals(List.of(), lines.stream()
                .filter(line -> line.contains(SCALARS) && line.contains("low call site frequency")).toList());
        assertEquals(List.of(), virtualCalls(lines));
    }

    /**
     * Calls in a kernel on vectors of which the compiler cannot tell how long they are, such as accumulators that are
     * not the argument but the receiver of a sum. What {@code VectorMath} is given it cannot tell, unless inlined.
     */
    private static List<String> virtualCalls(List<String> lines) {
        List<String> calls = new ArrayList<>();
        String method = "";
        for (String line : lines) {
            boolean inlining = line.stripLeading().startsWith("@");
            if (!inlining && line.contains(KERNELS)) {
                method = line;
            } else if (inlining && line.stripTrailing().endsWith("virtual call") && !method.contains("VectorMath::")) {
                calls.add(method + line);
            }
        }
        return calls;
    }

    private static boolean concernsKernels(String line) {
        return line.contains(KERNELS) || line.contains(VECTORS) || line.contains(SCALARS);
    }
}
