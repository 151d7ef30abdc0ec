package dev.halcyon.emulator.execution;

/**
 * What a launch did, counted exactly; the same for every run.
 *
 * @param warpInstructions instructions issued, once for a warp, whether or not their predicate held for any lane
 * @param threadInstructions instructions carried out, once for each lane that is active and whose predicate holds
 * @param floatOperations additions, multiplications and special functions of floating-point numbers; a fused
 * multiply-add counts 2, a matrix product m × n × k counts 2mnk
 * @param globalBytesRead different bytes of global memory that each request of a warp reads, summed over requests
 * @param globalBytesWritten the same for writes; an atomic operation reads and writes
 * @param globalRequests accesses of a warp to global memory; lanes that copy asynchronously and fill up with zeros are
 *            requests of their own
 * @param globalSectors aligned pieces of 32 bytes that they touch, each counted once per request
 * @param idealSectors as few as their different bytes would fit into
 * @param sectorsRead different sectors that the launch reads: what memory has to give if caches keep them
 * @param sectorsWritten the same for writes
 * @param sharedRequests accesses of a warp to shared memory
 * @param sharedBankConflicts passes over the 32 banks of 4 bytes that these need beyond the least for their width
 */
public record Counters(long warpInstructions, long threadInstructions, long floatOperations, long globalBytesRead,
        long globalBytesWritten, long globalRequests, long globalSectors, long idealSectors, long sectorsRead,
        long sectorsWritten, long sharedRequests, long sharedBankConflicts) {
}
