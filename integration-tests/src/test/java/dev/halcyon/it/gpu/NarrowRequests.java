package dev.halcyon.it.gpu;

import java.util.List;

/**
 * Launches whose requests fill fewer of their sectors than others, and why.
 *
 * @param kernels pattern of their families and names
 * @param least share of the sectors that has to be filled all the same
 */
record NarrowRequests(String kernels, double least, String reason) {
    private static final String ODD =
            "Pixels of 75 channels begin anywhere in a sector, and what a warp reads of one does.";

    static final List<NarrowRequests> ALL = List.of(
            new NarrowRequests("depthwise\\.\\w+_1_(f32|bf16)", 0.61, ODD),
            new NarrowRequests("pools\\.(average|max)_pool(_gradient)?_(f32|bf16)", 0.44, ODD),
            new NarrowRequests("elementwise\\.stretched_\\w+_bf16", 0.84, ODD),
            new NarrowRequests("shapes\\.(copy_axes|gather_rows|scatter_add_rows|transpose_tiles)_\\w+", 0.49, ODD));

    /** Whether this is about a launch, and says enough. */
    boolean explains(ExecutedLaunch launch) {
        String name = launch.kernel().family() + "." + launch.kernel().name();
        return name.matches(kernels) && launch.sectorEfficiency() >= least;
    }

    @Override
    public String toString() {
        return "- `" + kernels + "`: " + reason + "\n";
    }
}
