package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The PTX that is shipped is what the .cu files give, and what drivers of the 525 series read. */
final class PtxTest {
    private static final Pattern VERSION = Pattern.compile("^\\.version (\\S+)$", Pattern.MULTILINE);
    private static final Pattern TARGET = Pattern.compile("^\\.target (\\S+)$", Pattern.MULTILINE);
    private static final Pattern COMPILER = Pattern.compile("Cuda compilation tools, release [\\d.]+, (V[\\d.]+)");

    @Test
    void oldDriversReadIt() throws IOException {
        for (Ptx ptx : Ptx.all()) {
            assertEquals("7.8", first(VERSION, ptx.text()), ptx.toString());
            assertEquals(ptx.target().replace("compute", "sm"), first(TARGET, ptx.text()), ptx.toString());
        }
    }

    @Test
    void itTellsNothingOfTheMachineThatMadeIt() throws IOException {
        for (Ptx ptx : Ptx.all()) {
            assertTrue(ptx.text().lines().noneMatch(line -> line.matches("\\s*//.*/\\w+/.*")),
                    ptx + " has a path in a comment");
        }
    }

    @Test
    void itIsWhatTheSourcesGive(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Tool.isThere("nvcc"), "nvcc is not there");
        String nvcc = first(COMPILER, Tool.run(folder, "nvcc", "--version"));
        Tool.run(folder, Ptx.SOURCES.resolve("generate-ptx.sh").toString(), "--to", folder.toString());
        for (Ptx ptx : Ptx.all()) {
            String made = Files.readString(folder.resolve(ptx.target()).resolve(ptx.family() + ".ptx"));
            assumeTrue(first(COMPILER, ptx.text()).equals(nvcc), () -> "nvcc is " + nvcc
                    + ", another than the one that made the resources");
            assertTrue(ptx.text().equals(made), () -> ptx + " is not what its source gives, from line "
                    + firstDifference(ptx.text(), made) + " on: run generate-ptx.sh");
        }
    }

    /** The line, from 1, from which on two texts differ. */
    private static int firstDifference(String one, String other) {
        List<String> lines = one.lines().toList();
        List<String> others = other.lines().toList();
        int line = 0;
        while (line < Math.min(lines.size(), others.size()) && lines.get(line).equals(others.get(line))) {
            line++;
        }
        return line + 1;
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertTrue(matcher.find(), () -> "no " + pattern);
        return matcher.group(1);
    }
}
