package dev.halcyon.emulator.execution;

/** Runs the blocks of a launch. */
final class Grid {
    private Grid() {
    }

    static Counters run(Launch launch) {
        Block block = new Block(launch);
        long blocks = launch.shape().blocks();
        for (long number = 0; number < blocks; number++) {
            block.run(number);
        }
        return block.tally.counters();
    }
}
