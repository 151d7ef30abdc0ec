package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrix products and convolutions. */
class ProductsTest {
    static Stream<String> products() {
        return Arrays.stream(ProductChecks.PRODUCTS).map(Arrays::toString);
    }

    @ParameterizedTest
    @MethodSource("products")
    void productsAgreeWithPlainLoops(String extents) {
        try (Fixture fixture = new Fixture(2)) {
            for (int[] candidate : ProductChecks.PRODUCTS) {
                if (Arrays.toString(candidate).equals(extents)) {
                    new ProductChecks(fixture).products(candidate);
                }
            }
        }
    }

    static ProductChecks.Case[] convolutions() {
        return ProductChecks.CONVOLUTIONS;
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolutionsAndTheirGradientsAgreeWithPlainLoops(ProductChecks.Case c) {
        try (Fixture fixture = new Fixture(2)) {
            new ProductChecks(fixture).convolution(c);
        }
    }

    @ParameterizedTest
    @MethodSource("transpositions")
    void batchesAreTheProductsOfTheirMatrices(Gemm d) {
        try (Fixture fixture = new Fixture(2)) {
            for (int[] e : new int[][] {{5, 17, 20, 33}, {2, 130, 140, 150}}) {
                View a = d.transposeA() ? fixture.random(e[0], e[3], e[1]) : fixture.random(e[0], e[1], e[3]);
                View b = d.transposeB() ? fixture.random(e[0], e[2], e[3]) : fixture.random(e[0], e[3], e[2]);
                View c = fixture.full(1, e[0], e[1], e[2]);
                View expected = fixture.full(1, e[0], e[1], e[2]);
                fixture.backend().batchedGemm(d, a, b, c);
                for (int i = 0; i < e[0]; i++) {
                    fixture.backend().gemm(d, a.row(i), b.row(i), expected.row(i));
                }
                assertTrue(Arrays.equals(fixture.floats(expected), fixture.floats(c)), Arrays.toString(e));
            }
        }
    }

    static List<Gemm> transpositions() {
        return List.of(Gemm.of(false, false), Gemm.of(true, false), Gemm.of(false, true),
                new Gemm(true, true, 0.5, 0.25));
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBits() {
        Fixture.sameOnAnyThreads(fixture -> {
            View a = fixture.random(200, 3000);
            View b = fixture.random(3000, 96);
            View c = fixture.empty(200, 96);
            fixture.backend().gemm(Gemm.PLAIN, a, b, c);
            return fixture.floats(c);
        });
        Fixture.sameOnAnyThreads(fixture -> {
            View x = fixture.random(8, 24, 24, 16);
            View dy = fixture.random(8, 24, 24, 40);
            View dw = fixture.full(0, 3, 3, 16, 40);
            fixture.backend().conv2dWeightGradient(Conv2d.of(1, 1), x, dy, dw);
            return fixture.floats(dw);
        });
        Fixture.sameOnAnyThreads(fixture -> {
            View x = fixture.random(4, 30, 30, 3);
            View w = fixture.random(5, 5, 3, 24);
            View y = fixture.empty(4, 13, 13, 24);
            fixture.backend().conv2d(Conv2d.of(2, 0), x, w, y);
            return fixture.floats(y);
        });
    }

    /** Sums are chains in the order of their terms, so the vector width cannot show. */
    @Test
    void everyVectorWidthGivesTheSameBitsAndCompiles() throws IOException, InterruptedException {
        List<String> checksums = new ArrayList<>();
        for (int bits : new int[] {0, 128, 256, 512}) {
            if (bits <= FloatVector.SPECIES_PREFERRED.vectorBitSize()) {
                checksums.add(checksum(bits));
            }
        }
        assertEquals(1, checksums.stream().distinct().count(), checksums.toString());
    }

    /** The child says its checksum on standard error: the JIT compiler writes to standard output in between. */
    private static String checksum(int bits) throws IOException, InterruptedException {
        Path said = Files.createTempFile("halcyon-", ".txt");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-XX:+PrintCompilation", "-Dhalcyon.vectorBits=" + bits, "-cp",
                System.getProperty("java.class.path"), ProductChecks.class.getName())
                .redirectError(said.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertFalse(output.contains("out of virtual registers"), "a kernel is too large for the JIT's first tier");
        assertFalse(output.lines().anyMatch(line -> line.contains("Tiles::") && line.contains("COMPILE SKIPPED")),
                "a kernel does not compile");
        String checksum = Files.readString(said);
        Files.delete(said);
        assertTrue(checksum.contains("checksum "), checksum);
        return checksum.lines().filter(line -> line.startsWith("checksum")).findFirst().orElseThrow();
    }

    @Test
    void closingEndsTheThreads() {
        long before = threads();
        try (Fixture fixture = new Fixture(3)) {
            assertEquals(before + 2, threads());
            fixture.backend().close();
            assertEquals(before, threads(), "closing twice is allowed");
        }
        assertEquals(before, threads());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("halcyon-cpu-")).count();
    }
}
