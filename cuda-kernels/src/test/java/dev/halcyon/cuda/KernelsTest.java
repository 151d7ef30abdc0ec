package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kernel is compiled for every architecture as the driver would compile it, and keeps what it works with in
 * registers. What each takes is written to {@code target/kernels.md}.
 */
final class KernelsTest {
    private static final Map<String, Map<Architecture, KernelUse>> USES = new TreeMap<>();
    private static final Map<String, Integer> THREADS = new TreeMap<>();

    @AfterAll
    static void report() throws IOException {
        KernelReport.write(Ptx.MODULE.resolve("target/kernels.md"), USES, THREADS);
    }

    @Test
    void thereAreKernelsForBothTargets() throws IOException {
        List<String> families = Ptx.families();
        assertFalse(families.isEmpty());
        for (String target : Ptx.TARGETS) {
            assertEquals(families, Ptx.all().stream().filter(ptx -> ptx.target().equals(target)).map(Ptx::family)
                    .toList(), target);
        }
    }

    @TestFactory
    Stream<DynamicNode> everyKernelCompiles(@TempDir Path folder) {
        return Stream.of(Architecture.values()).map(architecture -> DynamicContainer.dynamicContainer(
                architecture.option(), files(architecture).map(ptx -> DynamicTest.dynamicTest(ptx.family(),
                        () -> compile(ptx, architecture, folder)))));
    }

    private static Stream<Ptx> files(Architecture architecture) {
        try {
            return Ptx.all().stream().filter(ptx -> ptx.target().equals(architecture.target()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Ptx ptx, Architecture architecture, Path folder)
            throws IOException, InterruptedException {
        boolean byToolkit = architecture.compareTo(Architecture.SM_90) > 0;
        assumeTrue(!byToolkit || Tool.isThere("ptxas"), "ptxas is not there, which alone knows this architecture");
        Map<String, KernelUse> uses = byToolkit
                ? PtxCompiler.compileWithToolkit(ptx.text(), architecture, folder)
                : PtxCompiler.compile(ptx.text(), architecture);
        assertEquals(ptx.kernels().keySet(), uses.keySet());
        ptx.kernels().forEach((name, threads) -> {
            assertTrue(threads > 0, name + " lacks __launch_bounds__");
            KernelUse use = uses.get(name);
            assertEquals(0, use.spilledBytes(), name + " spills registers on " + architecture.option());
            String kernel = ptx.family() + "." + name;
            USES.computeIfAbsent(kernel, key -> new EnumMap<>(Architecture.class)).put(architecture, use);
            THREADS.put(kernel, threads);
        });
    }
}
