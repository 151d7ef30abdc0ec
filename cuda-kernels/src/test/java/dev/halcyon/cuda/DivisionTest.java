package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a matrix is like, tiles and parts cover it once, and grids are such that a device takes them. */
final class DivisionTest {
    private static final List<Pack> PACKS =
            List.of(new Pack(1, 4, ""), new Pack(1, 2, ""), new Pack(4, 4, ""), new Pack(8, 2, ""));
    private static final long[] PACKS_OF_A_ROW = {1, 2, 3, 5, 8, 16, 31, 32, 33, 65, 128, 512, 1000, 40_000};
    private static final long[] ROWS = {1, 2, 7, 255, 256, 257, 8192, 131_072, 1_000_003, 3_000_000_000L};

    /** Called for every matrix. */
    @FunctionalInterface
    private interface Check {
        void run(long rows, long channels, Pack pack);
    }

    private static void everyMatrix(Check check) {
        for (Pack pack : PACKS) {
            for (long packs : PACKS_OF_A_ROW) {
                for (long rows : ROWS) {
                    check.run(rows, packs * pack.elements(), pack);
                }
            }
        }
    }

    private static void covers(Division d, long rows, long channels, Pack pack) {
        String text = d.toString();
        assertEquals(rows, d.rows(), text);
        assertEquals(channels, d.packs() * pack.elements(), text);
        assertTrue(d.units() >= 1 && d.units() <= Views.THREADS, text);
        long line = d.packs() * d.together();
        assertTrue((d.tiles() - 1) * d.units() < line && line <= d.tiles() * d.units(), text);
        long lines = Math.ceilDiv(rows, d.together());
        assertTrue((d.parts() - 1) * d.linesPerPart() < lines && lines <= d.parts() * d.linesPerPart(), text);
        long lineBytes = line * pack.elements() * pack.bytes();
        assertTrue(pack.elements() > 1 || lineBytes % Views.SECTOR_BYTES == 0, text);
    }

    @Test
    void sumsCoverTheMatrix() {
        everyMatrix((rows, channels, pack) -> {
            Division d = Division.forSums(rows, channels, pack);
            covers(d, rows, channels, pack);
            Grid grid = d.summing();
            assertTrue(grid.x() <= 1024, "there is a counter for each of 1024 columns, found " + grid);
            assertEquals(d.parts(), grid.y());
            assertEquals(8 * channels * d.together() * d.parts(), d.partialBytes());
        });
    }

    @Test
    void passesCoverTheMatrix() {
        everyMatrix((rows, channels, pack) -> {
            Division d = Division.forPass(rows, channels, pack);
            covers(d, rows, channels, pack);
            assertTrue(d.units() <= 32, "what lane 0 shares has room for a warp of units, found " + d);
            Grid grid = d.passing();
            assertEquals(d.tiles(), grid.x());
            assertTrue(grid.y() <= 65_535, grid.toString());
        });
    }

    @Test
    void aLargeMatrixKeepsALargeDeviceBusy() {
        for (Division d : List.of(Division.forSums(131_072, 64, new Pack(4, 4, "")),
                Division.forSums(8192, 256, new Pack(4, 4, "")), Division.forSums(2048, 512, new Pack(4, 4, "")),
                Division.forPass(8192, 256, new Pack(4, 4, "")))) {
            assertTrue(d.tiles() * d.parts() >= 128, d.toString());
        }
    }
}
