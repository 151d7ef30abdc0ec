package dev.halcyon.emulator.execution;

/** Counters while a thread of the emulator counts. */
final class Tally {
    long warpInstructions;
    long threadInstructions;
    long floatOperations;
    long globalBytesRead;
    long globalBytesWritten;
    long globalRequests;
    long globalSectors;
    long idealSectors;
    long sharedRequests;
    long sharedBankConflicts;

    /** Sectors of global memory that were read. */
    final Footprint read = new Footprint();
    final Footprint written = new Footprint();

    /** Room for the addresses of a request. */
    final long[] sorted = new long[Warp.LANES];
    final Banks banks = new Banks();

    Counters counters() {
        return new Counters(warpInstructions, threadInstructions, floatOperations, globalBytesRead, globalBytesWritten,
                globalRequests, globalSectors, idealSectors, read.size(), written.size(), sharedRequests,
                sharedBankConflicts);
    }
}
