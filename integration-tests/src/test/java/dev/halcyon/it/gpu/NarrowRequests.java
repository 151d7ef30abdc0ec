package dev.halcyon.it.gpu;

import java.util.List;

/**
 * Launches whose requests fill fewer of their sectors than others, and why.
 *
 * @param kernels what their names begin with
 * @param channels of the operation's first tensor
 * @param least share of the sectors that has to be filled all the same
 */
record NarrowRequests(String kernels, long channels, double least, String reason) {
    static final List<NarrowRequests> ALL = List.of(
            new NarrowRequests("max_pool_gradient", 6, 0.85,
                    "A warp's 32 inputs lie under three outputs, which are 72 (36)"
                            + " bytes and, with their places, rarely begin with a sector."),
            new NarrowRequests("max_pool", 6, 0.45,
                    "LeNet's windows of 2 × 2 do not overlap, and its pixels are 24 (12)"
                            + " bytes: a request for one column of windows leaves out every other pixel, which the next request takes"
                            + " from the cache. Memory moves every byte once."),
            new NarrowRequests("average_pool", 6, 0.45, "The same."),
            new NarrowRequests("addSlices", 1, 0.65,
                    "LeNet's first weights, of 25 × 6: sums are kept in rows of 8, for each"
                            + " of the 4 channels that its one is padded to. 3 kB for each slice."));

    /** Whether this is about a launch, and says enough. */
    boolean explains(ExecutedLaunch launch) {
        return launch.launch().kernel().startsWith(kernels) && launch.sectorEfficiency() >= least
                && launch.operation().shapes().getFirst().extent(-1) == channels;
    }

    @Override
    public String toString() {
        return "- " + kernels + ", " + channels + " channels: " + reason + "\n";
    }
}
