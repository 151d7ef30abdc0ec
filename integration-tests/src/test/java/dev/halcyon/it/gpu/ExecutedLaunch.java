package dev.halcyon.it.gpu;

import dev.halcyon.device.OperationListener.Operation;
import dev.halcyon.device.Precision;
import dev.halcyon.emulator.driver.Launch;
import dev.halcyon.emulator.execution.Counters;
import java.util.Locale;

/**
 * A launch that was executed, with what was counted meanwhile.
 *
 * @param operation that it belongs to
 * @param precision of products
 * @param cost by formula
 */
record ExecutedLaunch(Operation operation, Precision precision, ShippedKernel kernel, Launch.Kernel launch, Cost cost) {
    private static final long SECTOR = 32;
    /** Parts of sectors at the ends of tensors, and counters of blocks, which formulas leave out. */
    private static final long SMALL = 16 * SECTOR;
    private static final double TOLERANCE = 0.02;
    /** Operations for each byte from which on an H100 is bound by float32 arithmetic. */
    private static final double LEAST_INTENSITY = Gpu.H100.fp32() / Gpu.H100.terabytes();

    Counters counters() {
        return launch.report().orElseThrow().counters();
    }

    boolean costsWhatWasCounted() {
        return isNear(cost.read(), SECTOR * counters().sectorsRead())
                && isNear(cost.written(), SECTOR * counters().sectorsWritten())
                && (cost.flops() == 0 ? isBoundByMemory() : isNear(cost.flops(), counters().floatOperations()));
    }

    private boolean isBoundByMemory() {
        long moved = SECTOR * (counters().sectorsRead() + counters().sectorsWritten());
        return counters().floatOperations() < LEAST_INTENSITY * (moved + SMALL);
    }

    private static boolean isNear(long formula, long counted) {
        return Math.abs(formula - counted) <= TOLERANCE * counted + SMALL;
    }

    /** Sectors that the warps' requests need at least, as a share of those they touch. */
    double sectorEfficiency() {
        return (double) counters().idealSectors() / counters().globalSectors();
    }

    /** Passes over the banks beyond the least, for each access to shared memory. */
    double conflicts() {
        return (double) counters().sharedBankConflicts() / Math.max(1, counters().sharedRequests());
    }

    /** How often a byte that is moved is asked for: what caches have to serve. */
    private double requested() {
        return (double) (counters().globalBytesRead() + counters().globalBytesWritten())
                / (SECTOR * (counters().sectorsRead() + counters().sectorsWritten()));
    }

    /** A row of a table. */
    String row() {
        return String.format(Locale.ROOT, "| %s | %s | %s %s | %.1f | %.1f | %.2f |%n", kernel, precision,
                operation.name(), operation.shapes().subList(0, Math.min(3, operation.shapes().size())),
                100 * sectorEfficiency(), 100 * conflicts(), requested());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s of %s %s: %s by formula, %s counted", launch.kernel(), operation.name(),
                operation.shapes(), cost, new Cost(SECTOR * counters().sectorsRead(),
                        SECTOR * counters().sectorsWritten(), counters().floatOperations()));
    }
}
