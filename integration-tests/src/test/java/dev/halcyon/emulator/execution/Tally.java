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

    /** Adds what another thread counted of the same launch. */
    void add(Tally other) {
        warpInstructions += other.warpInstructions;
        threadInstructions += other.threadInstructions;
        floatOperations += other.floatOperations;
        globalBytesRead += other.globalBytesRead;
        globalBytesWritten += other.globalBytesWritten;
        globalRequests += other.globalRequests;
        globalSectors += other.globalSectors;
        idealSectors += other.idealSectors;
        sharedRequests += other.sharedRequests;
        sharedBankConflicts += other.sharedBankConflicts;
        read.addAll(other.read);
        written.addAll(other.written);
    }

    Counters counters() {
        return new Counters(warpInstructions, threadInstructions, floatOperations, globalBytesRead, globalBytesWritten,
                globalRequests, globalSectors, idealSectors, read.size(), written.size(), sharedRequests,
                sharedBankConflicts);
    }
}
