package dev.halcyon.emulator.execution;

import java.util.List;

/**
 * A kernel, ready to run.
 *
 * @param initialWords the registers of 32 bits and fewer at the start: constants are filled in
 * @param initialWides the same for those of 64 bits
 * @param predicates how many there are
 * @param specials registers that hardware fills in
 * @param localBytes local memory of each thread
 * @param sharedBytes shared memory of a block that the text declares
 * @param granule bytes of shared memory that are always written together: 1, 2 or 4
 * @param ordersBlocks whether blocks may see what others do, so that they must run in order
 */
record KernelCode(String name, Step[] steps, int[] initialWords, long[] initialWides, int predicates,
        List<SpecialRegister.Row> specials, int localBytes, int sharedBytes, int granule, boolean ordersBlocks) {
}
